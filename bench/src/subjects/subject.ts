/** What is measured. */

import type { Job } from '../job.ts';
import type { HostName, SubjectName } from '../records.ts';

/** A verifier with its key imported, ready to be asked. */
export interface Check<Input> {
  /** Whether `run` must be awaited. */
  async: boolean;
  /** What `run` takes, made from the bytes of a token; not part of the time. */
  input(token: Uint8Array): Input;
  /** Verifies; throws or rejects when the token is not to be accepted. */
  run(input: Input): unknown;
}

export interface Subject {
  name: SubjectName;
  /** Checks the signature and nothing else. */
  signatureOnly?: boolean;
  /** What it is known not to do, with the reason; anything else that fails is an error. Default: nothing. */
  cannot?: (algorithm: string, host: HostName) => string | undefined;
  /** Imports the key and makes a verifier of signature, issuer, audience and expiry. */
  create: (job: Job) => Promise<Check<unknown>>;
}

const decoder = new TextDecoder();

/** A string nobody has seen: as when it arrives with a request, no hash of it is cached. */
export function freshString(token: Uint8Array): string {
  return decoder.decode(token);
}
