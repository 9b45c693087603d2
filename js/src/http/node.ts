import { metadataAnswer, type ResourceMetadata } from './metadata.ts';
import type { HttpAnswer } from './response.ts';

/** What is used of a response of `node:http`. */
export interface NodeResponseLike {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body?: string): unknown;
}

/** A listener of `node:http`, as far as it looks. */
export type NodeHandler = (request: { readonly method?: string | undefined }, response: NodeResponseLike) => void;

/** Sets the status and the headers of an answer. */
export function writeHead({ status, headers }: HttpAnswer, response: NodeResponseLike): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Sends an answer; Node leaves the body out where the method is `HEAD`. */
export function write(answer: HttpAnswer, response: NodeResponseLike): void {
  writeHead(answer, response);
  response.end(answer.body);
}

/**
 * A handler of `node:http`, Express and the like for the resource's metadata (RFC 9728 §3), at the path of
 * `protectedResourceMetadataUrl`.
 */
export function metadataHandler(metadata: ResourceMetadata): NodeHandler {
  return (request, response) => write(metadataAnswer(request.method, metadata), response);
}
