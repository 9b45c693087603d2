// Tenants with one fault each, for the tests of the doctor.
import type { ServerResponse } from 'node:http';
import { createTestTenant } from 'scopegate/testing';

export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'fault';
  readonly seen: string;
  readonly fix?: string;
}

/** A server that is a Logto tenant but for its fault. */
export interface Faulty {
  /** Changes the discovery document. */
  readonly discovery?: (document: Record<string, unknown>, url: string) => unknown;
  /** Changes the key set. */
  readonly keys?: (keys: object[]) => unknown;
  readonly headers?: () => Record<string, string>;
  /** Answers in place of the tenant; `true` if it did. */
  readonly answer?: (path: string, response: ServerResponse) => boolean;
  readonly tls?: boolean;
  readonly args?: readonly string[];
}

export const { jwks } = await createTestTenant();

const proxied = (document: Record<string, unknown>, url: string): unknown => ({
  ...document,
  jwks_uri: `${url.replace('https', 'http')}/oidc/jwks`,
});
const redirect = (to: string) => (path: string, response: ServerResponse) => {
  if (path.startsWith('/oidc')) response.writeHead(302, { location: to }).end();
  return true;
};
const answering = (answer: (response: ServerResponse) => void, at = '') => {
  return (path: string, response: ServerResponse): boolean => {
    if (!path.endsWith(at)) return false;
    answer(response);
    return true;
  };
};
const rsa = { kty: 'RSA', kid: 'weak', use: 'sig', e: 'AQAB', n: 'AQAB' };
const eddsa = { kty: 'OKP', crv: 'Ed25519', kid: 'ed', x: 'A'.repeat(43) };
const date = (seconds: number) => () => ({
  date: new Date(Date.now() + seconds * 1000).toUTCString(),
});

/** What the doctor finds, and what it says of it. */
export const FAULTS: readonly (readonly [
  what: string,
  check: string,
  status: Finding['status'],
  seen: RegExp,
  fix: RegExp,
  faulty: Faulty,
])[] = [
  [
    'a redirect',
    'discovery',
    'fault',
    /redirects to https:\/\/auth\.example/,
    /endpoint/,
    { answer: redirect('https://auth.example/oidc') },
  ],
  ['a redirect of the keys', 'key set', 'fault', /redirects to \/login/, /jwksUri/, { answer: redirect('/login') }],
  [
    'an error',
    'discovery',
    'fault',
    /status 500/,
    /reachable/,
    { answer: answering((response) => response.writeHead(500).end()) },
  ],
  [
    'a page',
    'discovery',
    'fault',
    /is no JSON object/,
    /endpoint/,
    { answer: answering((response) => response.end('<html>')) },
  ],
  [
    'nobody',
    'discovery',
    'fault',
    /cannot be reached \((UND_ERR_SOCKET|ECONNRESET)\)/,
    /reachable/,
    { answer: answering((response) => response.destroy()) },
  ],
  ['silence', 'key set', 'fault', /does not answer within 5 s/, /DNS/, { answer: (path) => path === '/oidc/jwks' }],
  [
    'a custom domain',
    'issuer',
    'fault',
    /^https:\/\/tenant\.logto\.app\/oidc$/,
    /issuer: \['http:.*', 'https:\/\/tenant\.logto\.app\/oidc'\]/,
    { discovery: (document) => ({ ...document, issuer: 'https://tenant.logto.app/oidc' }) },
  ],
  [
    'an http issuer behind a proxy',
    'issuer',
    'fault',
    /^http:/,
    /TRUST_PROXY_HEADER/,
    {
      tls: true,
      discovery: (document) => ({ ...document, issuer: String(document.issuer).replace('https', 'http') }),
    },
  ],
  ['no issuer', 'issuer', 'fault', /^\(none\)$/, /no OpenID Connect.*endpoint/, { discovery: () => ({}) }],
  ['no jwks_uri', 'jwks_uri', 'fault', /none/, /no OpenID Connect/, { discovery: () => ({}) }],
  [
    'an http jwks_uri behind a proxy',
    'jwks_uri',
    'warning',
    /^http:/,
    /TRUST_PROXY_HEADER/,
    { tls: true, discovery: proxied },
  ],
  [
    'another jwks_uri',
    'jwks_uri',
    'warning',
    /^https:\/\/d\.example\/oidc\/jwks$/,
    /jwksUri: 'https:\/\/d\.example/,
    { discovery: (document) => ({ ...document, jwks_uri: 'https://d.example/oidc/jwks' }) },
  ],
  ['no keys', 'key set', 'fault', /^the JWKS has no key for an allowed algorithm/, /503/, { keys: () => [] }],
  [
    'a key that is too short',
    'key set',
    'warning',
    /1 usable; not usable: weak: /,
    /refused/,
    { keys: (keys) => [...keys, rsa] },
  ],
  [
    'a private key',
    'private keys',
    'fault',
    /1 published/,
    /rotate/,
    { keys: ([key]) => [{ ...key, d: 'A'.repeat(64) }] },
  ],
  [
    'another algorithm',
    'algorithms',
    'warning',
    /^ES384, EdDSA, 2 for other purposes, set aside$/,
    /algorithms: \['ES384', 'RS256', 'ES256', 'ES512', 'PS256', 'EdDSA'\]/,
    { keys: (keys) => [...keys, eddsa, { kty: 'oct', alg: 'HS256' }, { ...eddsa, kid: 'e', use: 'enc' }] },
  ],
  [
    'an algorithm that nobody here knows',
    'algorithms',
    'warning',
    /ES256K$/,
    /^ES256K: not supported/,
    { keys: (keys) => [...keys, { kty: 'EC', crv: 'secp256k1', alg: 'ES256K', kid: 'k' }] },
  ],
  [
    'CORS for somebody else',
    'CORS',
    'warning',
    /^for https:\/\/other\.example only$/,
    /browser/,
    { headers: () => ({ 'access-control-allow-origin': 'https://other.example' }) },
  ],
  [
    'a lifetime for shared caches',
    'caching',
    'warning',
    /S-MaxAge="86400"/,
    /86400 s/,
    { headers: () => ({ 'cache-control': 'max-age=60, S-MaxAge="86400"' }) },
  ],
  [
    'an issuer that is no text',
    'issuer',
    'fault',
    /^no text$/,
    /no OpenID Connect/,
    { discovery: (document) => ({ ...document, issuer: { name: 'x' } }) },
  ],
  [
    'a clock that is behind a cached answer',
    'clock',
    'fault',
    /^(59|60|61) s behind/,
    /NTP/,
    { headers: () => ({ ...date(-240)(), age: '300' }) },
  ],
  [
    'more than a document',
    'discovery',
    'fault',
    /is longer than 512 KiB/,
    /endpoint/,
    { discovery: () => ({ issuer: 'x'.repeat(512 * 1024) }) },
  ],
  [
    'no CORS',
    'CORS',
    'warning',
    /no Access-Control/,
    /browser/,
    { answer: answering((response) => response.end(JSON.stringify(jwks)), '/oidc/jwks') },
  ],
  [
    'a long-lived copy',
    'caching',
    'warning',
    /max-age=86400/,
    /86400 s/,
    { headers: () => ({ 'cache-control': 'public, max-age=86400' }) },
  ],
  ['an old copy', 'caching', 'warning', /Age: 4000/, /4000 s/, { headers: () => ({ ...date(-4000)(), age: '4000' }) }],
  ['a clock that is behind', 'clock', 'fault', /^(59|60|61) s behind/, /future/, { headers: date(60) }],
  ['a clock that is ahead', 'clock', 'fault', /^(59|60|61) s ahead/, /early/, { headers: date(-60) }],
  ['a clock that is a little off', 'clock', 'warning', /^[345] s behind/, /NTP/, { headers: date(4) }],
  [
    'a slash',
    'audience',
    'warning',
    /app\.com\/$/,
    /trailing slash/,
    { args: ['--audience', 'https://api.yourapp.com/'] },
  ],
  [
    'an organization',
    'audience',
    'warning',
    /urn/,
    /permissionModel/,
    { args: ['--audience', 'urn:logto:organization:acme'] },
  ],
  [
    'an application id',
    'audience',
    'warning',
    /^9x1l0c3m8q2v7b5n4k6jd$/,
    /ID tokens/,
    { args: ['--audience', '9x1l0c3m8q2v7b5n4k6jd'] },
  ],
  ['white space', 'audience', 'warning', /a:b/, /white space/, { args: ['--audience', 'a:b '] }],
];

/** What it must not take for a fault, by the headers of the answers. */
export const FINE: readonly (readonly [what: string, check: string, headers: () => Record<string, string>])[] = [
  ['a cached answer of this moment', 'clock', () => ({ ...date(-300)(), age: '300' })],
  ['CORS for the origin that asks', 'CORS', () => ({ 'access-control-allow-origin': 'https://app.example' })],
  ['a copy that caches may not keep', 'caching', () => ({ 'cache-control': 'no-store, max-age=86400', age: '4000' })],
  ['a short life in shared caches', 'caching', () => ({ 'cache-control': 'max-age=86400, s-maxage=60' })],
  ['an age that is none', 'caching', () => ({ age: 'old' })],
  ['an age that is negative', 'caching', () => ({ age: '-4000' })],
];
