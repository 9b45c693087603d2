/** The error table: code, HTTP status, OAuth error (RFC 6750 §3.1). */

type Row = readonly [status: number | null, oauthError: string | null];

const INVALID: Row = [401, 'invalid_token'];
const FORBIDDEN: Row = [403, 'insufficient_scope'];

const TABLE: Record<string, Row> = {
  token_missing: [401, null],
  request_invalid: [400, 'invalid_request'],
  token_malformed: INVALID,
  token_too_large: INVALID,
  token_opaque: INVALID,
  token_personal: INVALID,
  token_subject: INVALID,
  token_encrypted: INVALID,
  token_type_mismatch: INVALID,
  algorithm_not_allowed: INVALID,
  critical_header_unsupported: INVALID,
  key_not_found: INVALID,
  key_mismatch: INVALID,
  signature_invalid: INVALID,
  claim_missing: INVALID,
  claim_invalid: INVALID,
  issuer_mismatch: INVALID,
  audience_mismatch: INVALID,
  client_not_allowed: INVALID,
  token_expired: INVALID,
  token_not_yet_valid: INVALID,
  token_issued_in_future: INVALID,
  token_too_old: INVALID,
  organization_unexpected: INVALID,
  organization_missing: INVALID,
  organization_mismatch: FORBIDDEN,
  actor_not_allowed: FORBIDDEN,
  confirmation_unsupported: INVALID,
  scope_insufficient: FORBIDDEN,
  keys_unavailable: [503, null],
  config_invalid: [null, null],
  internal: [500, null],
};

export const CODES = Object.fromEntries(
  Object.entries(TABLE).map(([code, [status, oauthError]]) => [code, { status, oauthError }]),
);
