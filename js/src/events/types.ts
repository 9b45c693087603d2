import type { ErrorCode, ScopegateError } from '../errors.ts';

/** A key set arrived and is in use. */
export interface KeysFetched {
  readonly type: 'keys_fetched';
  readonly jwksUri: string;
  /** Who gave it: the issuer, or the `keyStore`. */
  readonly source: 'issuer' | 'store';
  /** How many of its keys are usable. */
  readonly keys: number;
  /** The keys that were set aside, and why. */
  readonly rejected: readonly RejectedKey[];
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** A key of the issuer's that cannot be used. */
export interface RejectedKey {
  /** Its `kid`, or `null` if it has none. */
  readonly kid: string | null;
  /** What is wrong with it. */
  readonly reason: string;
}

/** No key set arrived, or none that can be used. What is in memory serves on for a time. */
export interface KeysFailed {
  readonly type: 'keys_failed';
  readonly jwksUri: string;
  /** Why. */
  readonly error: unknown;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** The key set in memory is older than `keyRefresh.ttl`. It is in use still, and a refresh begins. */
export interface KeysStale {
  readonly type: 'keys_stale';
  readonly jwksUri: string;
}

/** The key set that arrived differs from the one before. */
export interface KeysRotated {
  readonly type: 'keys_rotated';
  readonly jwksUri: string;
  /** How many different key sets there have been. */
  readonly generation: number;
}

/** The `keyStore` failed, was too slow, or holds something that cannot be used: it was done without. */
export interface KeyStoreFailed {
  readonly type: 'key_store_failed';
  readonly jwksUri: string;
  readonly operation: 'get' | 'put';
  readonly error: unknown;
}

/** A token was accepted. */
export interface TokenAccepted {
  readonly type: 'token_accepted';
  /** `sub` */
  readonly subject: string;
  /** `client_id` */
  readonly clientId: string;
  readonly isMachine: boolean;
  readonly organizationId: string | null;
  /** How long it took, in milliseconds, waiting for keys included. */
  readonly durationMs: number;
}

/**
 * A token was refused, or could not be judged (`keys_unavailable`), or the credentials are malformed (`request_invalid`).
 */
export interface TokenRefused {
  readonly type: 'token_refused';
  readonly code: ErrorCode;
  /** A frozen copy of what was thrown. */
  readonly error: ScopegateError;
  /** How long it took, in milliseconds, waiting for keys included. */
  readonly durationMs: number;
}

/** A token was remembered from an earlier request; `token_accepted` follows. */
export interface CacheHit {
  readonly type: 'cache_hit';
}

/** What happens to the keys. */
export type KeysEvent = KeysFetched | KeysFailed | KeysStale | KeysRotated | KeyStoreFailed;

/** What happens to tokens. */
export type TokenEvent = TokenAccepted | TokenRefused | CacheHit;

/** What a verifier tells of its work; `type` says which. None of them carries a token. Frozen. */
export type VerifierEvent = KeysEvent | TokenEvent;
