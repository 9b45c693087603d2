import type { ScopegateError } from '../errors.ts';

/** What a request is answered with, for any HTTP server. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the status allows no body; a server leaves it out of its answers to `HEAD`. */
  readonly body: string;
}

/**
 * Makes the answer of a refusal; `challenge` is its `WWW-Authenticate` value, if any. The body is JSON with `error`,
 * `error_description`, `code`, and `missing` where scopes lack.
 */
export function errorAnswer(error: ScopegateError, challenge: string | null): HttpAnswer {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  if (challenge !== null) headers['WWW-Authenticate'] = challenge;
  if (error.retryAfter !== undefined) headers['Retry-After'] = String(Math.max(1, Math.ceil(error.retryAfter)));
  const body = JSON.stringify({
    error: error.oauthError ?? error.code,
    error_description: error.message,
    code: error.code,
    missing: error.missing,
  });
  return { status: error.status ?? 500, headers, body };
}
