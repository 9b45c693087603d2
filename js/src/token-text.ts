import { TOKEN_MALFORMED } from './error-rows.ts';
import { hostError } from './errors.ts';

/**
 * A token as a caller without types may give it.
 *
 * @throws {ScopegateError} `token_malformed`
 */
export function tokenText(token: unknown): string {
  if (typeof token !== 'string') throw hostError(TOKEN_MALFORMED, 'Give the token as a string.');
  return token;
}
