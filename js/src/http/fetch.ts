import type { CallContext } from '../loader.ts';
import type { ScopeRequirement } from '../requirement.ts';
import type { AccessToken } from '../token.ts';
import { together } from './further-scopes.ts';
import type { Gate } from './gate.ts';
import { isPreflight } from './guard.ts';
import { metadataAnswer, type ResourceMetadata } from './metadata.ts';
import type { HttpAnswer } from './response.ts';
import { demandScopes } from './session.ts';

/** What a Fetch handler gives. */
export type Answer = Response | Promise<Response>;

/** A handler behind `requireAuth`: the verified token comes second. */
export type AuthorizedHandler<Rest extends unknown[], Auth = AccessToken, Incoming extends Request = Request> = (
  request: Incoming,
  auth: Auth,
  ...rest: Rest
) => Answer;

/** The option of adapters for Fetch handlers. */
export interface PreflightHandler<Rest extends unknown[], Incoming extends Request = Request> {
  /** Answers CORS preflights, which carry no credentials. Without it they are refused like any other such request. */
  readonly preflight?: (request: Incoming, ...rest: Rest) => Answer;
}

/** Puts a gate before a handler. */
export function behind<Source, Rest extends unknown[], Incoming extends Request>(
  gate: Gate<Source>,
  sourceOf: (request: Incoming, ...rest: Rest) => Source,
  handler: AuthorizedHandler<Rest, never, Incoming>,
  { preflight }: PreflightHandler<Rest, Incoming>,
): (request: Incoming, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    if (preflight !== undefined && isPreflight(request.method, request)) return preflight(request, ...rest);
    const { method } = request;
    const source = sourceOf(request, ...rest);
    const entry = await gate.enter({ key: request, method, request, source, context: contextAmong(rest) });
    return entry.refusal === undefined
      ? handler(request, entry.token as never, ...rest)
      : respond(request, entry.refusal);
  };
}

/**
 * Wraps a handler behind `requireAuth` so that it demands further scopes. Others are answered with 403, or 401 if the
 * request is anonymous.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireScopes<Rest extends unknown[], Incoming extends Request = Request>(
  scopes: ScopeRequirement,
  handler: AuthorizedHandler<Rest, AccessToken, Incoming>,
): AuthorizedHandler<Rest, AccessToken | null, Incoming> {
  const needed = together([scopes]);
  return async (request, auth, ...rest) => {
    const refused = demandScopes(request, needed);
    // Who is anonymous was refused.
    return refused === undefined ? handler(request, auth as AccessToken, ...rest) : respond(request, refused);
  };
}

/** A Fetch handler for the resource's metadata (RFC 9728 §3), at the path of `protectedResourceMetadataUrl`. */
export function metadataHandler(metadata: ResourceMetadata): (request: Request) => Response {
  return (request) => respond(request, metadataAnswer(request.method, metadata));
}

/** An answer as a Fetch response. */
export function respond(request: Pick<Request, 'method'>, { status, headers, body }: HttpAnswer): Response {
  return new Response(request.method === 'HEAD' || body === '' ? null : body, { status, headers });
}

/** The context among what the host hands to a handler besides the request: a Worker's `ctx`, Next's event. */
export function contextAmong(rest: readonly unknown[]): CallContext | undefined {
  return rest.find((item): item is CallContext => {
    return typeof item === 'object' && item !== null && 'waitUntil' in item && typeof item.waitUntil === 'function';
  });
}
