import { isSecure } from '../address.ts';
import { configError } from '../errors.ts';
import type { IssuerOptions } from '../options.ts';

/** http(s), a host without credentials, and a path: no query, fragment, whitespace or backslash. */
const FORM = /^https?:\/\/[^/@?#\\\s\p{Cc}]+(\/[^?#\\\s\p{Cc}]*)?$/u;

/**
 * The issuers that the options name.
 *
 * @throws {ScopegateError} `config_invalid` for what `createVerifier` refuses, too.
 */
export function issuersOf({ endpoint, issuer }: IssuerOptions): string[] {
  if ((endpoint === undefined) === (issuer === undefined)) throw configError('Give either endpoint or issuer.');
  if (endpoint === undefined) {
    const issuers = [issuer ?? []].flat();
    if (issuers.length > 0 && issuers.every((one) => isUrl(one) && !one.endsWith('/oidc/'))) return issuers;
    throw configError("issuer must be a plain https:// URL, without a slash after Logto's /oidc.");
  }
  if (isUrl(endpoint) && !/\/\/$|\/oidc\/?$/.test(endpoint)) return [`${endpoint.replace(/\/$/, '')}/oidc`];
  throw configError('endpoint must be a plain https:// URL without /oidc, or be given whole as issuer.');
}

function isUrl(url: unknown): url is string {
  return typeof url === 'string' && FORM.test(url) && URL.canParse(url) && isSecure(new URL(url));
}
