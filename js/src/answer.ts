import { defect, type ErrorFields, ScopegateError } from './errors.ts';
import type { RejectedKey } from './events/types.ts';

/** What the core asks for before it can decide. */
export interface KeysNeeded {
  /** Whether the verdict has to wait for the keys; otherwise asking again at once gives it. */
  readonly wait: boolean;
  /** The fetch that the asker has to perform, or `null` when another one is under way. */
  readonly fetch: number | null;
}

/** The signature that the host has to check: that of the token which the core was asked about. */
export interface SignatureNeeded {
  /** Names the key's numbers (RFC 7638): equal names are equal keys. */
  readonly key: string;
  /** The JWS algorithm. */
  readonly algorithm: string;
  /** The key as JSON text (RFC 7517): its required members, checked for form. */
  readonly jwk: string;
}

/** The host's word on a signature. It is about one token, one key and one algorithm. */
export interface SignatureAnswer extends Pick<SignatureNeeded, 'key' | 'algorithm'> {
  /** Whether the signature holds; `undefined` when the key is none. */
  readonly valid: boolean | undefined;
}

/** What a key set brought. */
export interface KeysChanged {
  /** Whether it differs from the one before. */
  readonly changed: boolean;
  /** How many different ones there have been. */
  readonly generation: number;
  /** How many of its keys are usable. */
  readonly keys: number;
  /** The others. */
  readonly rejected: readonly RejectedKey[];
}

/** Whether the answer says that keys are needed. */
export function needsKeys(answer: string): boolean {
  return answer.startsWith('N');
}

/** Whether the answer says that the host has to check a signature. */
export function needsSignature(answer: string): boolean {
  return answer.startsWith('S');
}

/** What follows the first character of an answer, as JSON. */
function read(answer: string): unknown {
  return JSON.parse(answer.slice(1));
}

/** Reads an `S` answer. */
export const signatureNeeded = read as (answer: string) => SignatureNeeded;

/** Reads an `N` answer. */
export const keysNeeded = read as (answer: string) => KeysNeeded;

/** Reads the `A` answer to a fetched key set. */
export const keysChanged = read as (answer: string) => KeysChanged;

/** Reads an `E` answer; `outage` explains why there are no keys. */
export function refusal(answer: string, outage?: unknown): ScopegateError {
  const fields = read(answer) as ErrorFields;
  return new ScopegateError(fields, { cause: fields.code === 'keys_unavailable' ? outage : undefined });
}

/**
 * Gives what follows the first character of an `A` or `R` answer.
 *
 * @throws {ScopegateError} for an `E` answer; `outage` explains why there are no keys.
 */
export function accepted(answer: string, outage?: unknown): string {
  if (/^[AR]/.test(answer)) return answer.slice(1);
  throw answer.startsWith('E') ? refusal(answer, outage) : defect();
}
