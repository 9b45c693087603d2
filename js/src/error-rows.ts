import type { ErrorCode, OAuthError } from './errors.ts';

/** A row of the core's error table. */
export type ErrorRow = readonly [
  code: ErrorCode,
  status: number | null,
  oauthError: OAuthError | null,
  message: string,
];

// The rows that the host itself has to raise; each by itself, so that bundlers keep those that are used.

export const TOKEN_MISSING: ErrorRow = ['token_missing', 401, null, 'no access token was sent'];
export const REQUEST_INVALID: ErrorRow = ['request_invalid', 400, 'invalid_request', 'the request is malformed'];
export const TOKEN_MALFORMED: ErrorRow = [
  'token_malformed',
  401,
  'invalid_token',
  'the token is not a well-formed JWT',
];
export const TOKEN_EXPIRED: ErrorRow = ['token_expired', 401, 'invalid_token', 'the token has expired'];
export const KEYS_UNAVAILABLE: ErrorRow = ['keys_unavailable', 503, null, "the issuer's keys cannot be loaded"];
export const CONFIG_INVALID: ErrorRow = ['config_invalid', null, null, 'the configuration is invalid'];
export const INTERNAL: ErrorRow = ['internal', 500, null, 'internal error'];
