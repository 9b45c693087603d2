import { CONFIG_INVALID, type ErrorRow, INTERNAL } from './error-rows.ts';

/** Why a token, a request or a configuration is refused. The same codes in every language scopegate speaks. */
export type ErrorCode =
  | 'token_missing'
  | 'request_invalid'
  | 'token_malformed'
  | 'token_too_large'
  | 'token_opaque'
  | 'token_personal'
  | 'token_subject'
  | 'token_encrypted'
  | 'token_type_mismatch'
  | 'algorithm_not_allowed'
  | 'critical_header_unsupported'
  | 'key_not_found'
  | 'key_mismatch'
  | 'signature_invalid'
  | 'claim_missing'
  | 'claim_invalid'
  | 'issuer_mismatch'
  | 'audience_mismatch'
  | 'client_not_allowed'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_issued_in_future'
  | 'token_too_old'
  | 'organization_unexpected'
  | 'organization_missing'
  | 'organization_mismatch'
  | 'actor_not_allowed'
  | 'confirmation_unsupported'
  | 'scope_insufficient'
  | 'keys_unavailable'
  | 'config_invalid'
  | 'internal';

/** The `error` parameter of a Bearer challenge (RFC 6750 §3.1). */
export type OAuthError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

/** What is known about a refusal: the fields of {@link ScopegateError} as plain data. */
export interface ErrorFields {
  readonly code: ErrorCode;
  readonly status: number | null;
  readonly oauthError: OAuthError | null;
  readonly message: string;
  readonly hint: string;
  readonly claim?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly missing?: readonly string[];
  readonly retryAfter?: number;
}

const BRAND = Symbol.for('scopegate.ScopegateError');

/**
 * Every refusal. Neither the message nor any other field contains the token.
 *
 * `instanceof` also recognises errors of another copy of the package, such as the CommonJS build beside the ES module.
 */
export class ScopegateError extends Error {
  override readonly name: string = 'ScopegateError';
  /** The stable reason; decide by this, never by the message. */
  declare readonly code: ErrorCode;
  /** The HTTP status to answer with; `null` for `config_invalid`, which is no answer to a request. */
  declare readonly status: number | null;
  /** The `error` of a Bearer challenge (RFC 6750 §3.1), or `null` where none applies. */
  declare readonly oauthError: OAuthError | null;
  /** For the developer: the likely cause and the remedy. */
  declare readonly hint: string;
  /** The claim or header parameter the error is about. */
  declare readonly claim?: string;
  /** What was expected. */
  declare readonly expected?: string;
  /** What was there instead, cut to a safe length. Comes from the token, so treat it as untrusted text. */
  declare readonly actual?: string;
  /** The scopes that lack, for `scope_insufficient`. */
  declare readonly missing?: readonly string[];
  /** Seconds until another attempt makes sense, for `keys_unavailable`. */
  declare readonly retryAfter?: number;

  /** @param options a `cause` that is `undefined` counts as none. */
  constructor(fields: ErrorFields, options?: { readonly cause?: unknown }) {
    const { message, missing, ...others } = fields;
    super(message, options?.cause === undefined ? undefined : options);
    Object.assign(this, others);
    if (missing !== undefined) this.missing = Object.freeze([...missing]);
  }
}

Object.defineProperty(ScopegateError.prototype, BRAND, { value: true });
Object.defineProperty(ScopegateError, Symbol.hasInstance, {
  value(this: unknown, candidate: unknown): boolean {
    // A subclass inherits this method, but not the claim to everything that bears the brand.
    if (this !== ScopegateError) return Function.prototype[Symbol.hasInstance].call(this, candidate);
    return typeof candidate === 'object' && candidate !== null && BRAND in candidate;
  },
});

/** Makes an error that is found before or after the core, with the core's own wording. */
export function hostError(
  [code, status, oauthError, message]: ErrorRow,
  hint: string,
  { cause, ...more }: { readonly cause?: unknown; readonly retryAfter?: number } = {},
): ScopegateError {
  return new ScopegateError({ code, status, oauthError, message, hint, ...more }, { cause });
}

/** A `config_invalid` error; `hint` names the option and says what is wrong with it. */
export function configError(hint: string): ScopegateError {
  return hostError(CONFIG_INVALID, hint);
}

/** What cannot happen, or a trap in the core (`cause`). */
export function defect(cause?: unknown): ScopegateError {
  return hostError(INTERNAL, 'This is a defect in scopegate; please report it.', { cause });
}
