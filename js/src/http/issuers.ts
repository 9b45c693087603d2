import { isSecure } from '../address.ts';
import { configError } from '../errors.ts';
import type { IssuerOptions } from '../options.ts';

type Option = 'endpoint' | 'issuer';
type Fault = readonly [has: (url: string, option: Option) => boolean, hint: string];

/** What the core, too, refuses of `endpoint` and `issuer`. A trailing slash of the endpoint is gone by now. */
const FAULTS: readonly Fault[] = [
  [(url) => !/^https?:\/\/[^/]/.test(url) || !URL.canParse(url), 'must be an https:// URL.'],
  [(url) => /[\s\p{Cc}#\\]/u.test(url), 'must be a URL without whitespace, fragment or backslash.'],
  [(url) => url.includes('?'), 'must be a URL without a query.'],
  [(url) => /^https?:\/\/[^/]*@/.test(url), 'must be a URL without credentials.'],
  [(url) => !isSecure(new URL(url)), 'must be https://; http:// is for loopback addresses only.'],
  [(url, option) => option === 'endpoint' && url.endsWith('/'), 'must not end in several slashes.'],
  [
    (url, option) => option === 'endpoint' && url.endsWith('/oidc'),
    'must be without /oidc, or be given whole as issuer.',
  ],
  [(url, option) => option === 'issuer' && url.endsWith('/oidc/'), "must be without a slash after Logto's /oidc."],
];

/**
 * The issuers that the options name.
 *
 * @throws {ScopegateError} `config_invalid` for what `createVerifier` refuses.
 */
export function issuersOf({ endpoint, issuer }: IssuerOptions): string[] {
  if ((endpoint === undefined) === (issuer === undefined)) throw configError('Give either endpoint or issuer.');
  if (endpoint !== undefined) return [`${checked('endpoint', withoutSlash(endpoint))}/oidc`];
  const issuers = [issuer ?? []].flat();
  if (issuers.length === 0) throw configError('issuer is empty.');
  return issuers.map((one) => checked('issuer', one));
}

function withoutSlash(endpoint: unknown): unknown {
  return typeof endpoint === 'string' ? endpoint.replace(/\/$/, '') : endpoint;
}

function checked(option: Option, url: unknown): string {
  if (typeof url !== 'string') throw configError(`${option} must be a string.`);
  const fault = FAULTS.find(([has]) => has(url, option));
  if (fault !== undefined) throw configError(`${option} ${fault[1]}`);
  return url;
}
