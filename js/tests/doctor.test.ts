import assert from 'node:assert/strict';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { createGzip } from 'node:zlib';
import { BLOG_API, createIssuer } from '@scopegate/issuer';
import { createTestTenant } from 'scopegate/testing';
import { generate } from 'selfsigned';
import { type Finished, scopegate } from './support/cli.ts';
import { documentAt } from './support/docs.ts';
import { type Scratch, scratch } from './support/scratch.ts';

interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'fault';
  readonly seen: string;
  readonly fix?: string;
}

/** A server that is a Logto tenant but for its fault. */
interface Faulty {
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

const { tableAfter } = documentAt('docs/cli.md');
const { jwks } = await createTestTenant();

describe('scopegate doctor', () => {
  const checked = new Set<string>();
  let files: Scratch;
  let certificate: { private: string; cert: string };
  let trust: string;

  before(async () => {
    files = scratch('doctor');
    certificate = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    });
    files.write('ca.pem', certificate.cert);
    trust = `${files.path}/ca.pem`;
  });

  after(() => files.remove());

  const examine = async (args: readonly string[]): Promise<Finished & { findings: Finding[] }> => {
    const finished = await scopegate(['doctor', '--json', ...args], { env: { NODE_EXTRA_CA_CERTS: trust } });
    const { findings } = JSON.parse(finished.stdout) as { findings: Finding[] };
    for (const { check, status, fix } of findings) {
      checked.add(check);
      assert.equal(fix === undefined, status === 'ok', check);
    }
    return { ...finished, findings };
  };

  async function withServer<T>(faulty: Faulty, use: (url: string) => Promise<T>): Promise<T> {
    let url = '';
    const listener: RequestListener = (request, response) => {
      const path = request.url ?? '';
      if (faulty.answer?.(path, response) === true) return;
      const document = { issuer: `${url}/oidc`, jwks_uri: `${url}/oidc/jwks` };
      const documents: Record<string, () => unknown> = {
        '/oidc/.well-known/openid-configuration': () => faulty.discovery?.(document, url) ?? document,
        '/oidc/jwks': () => ({ keys: faulty.keys?.([...jwks.keys]) ?? jwks.keys }),
      };
      const body = documents[path]?.();
      const headers = { 'access-control-allow-origin': '*', ...faulty.headers?.() };
      response.writeHead(body === undefined ? 404 : 200, headers).end(JSON.stringify(body ?? {}));
    };
    const { private: key, cert } = certificate;
    const server = faulty.tls === true ? createTlsServer({ key, cert }, listener) : createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http${faulty.tls === true ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      return await use(url);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  it('finds nothing to fix at an issuer like Logto', async () => {
    const issuer = await createIssuer();
    try {
      const { code, findings } = await examine(['--endpoint', `${issuer.endpoint}/`, '--audience', BLOG_API]);
      assert.equal(code, 0);
      assert.deepEqual(
        findings.map(({ check, status }) => [check, status]),
        [
          ['discovery', 'ok'],
          ['issuer', 'ok'],
          ['jwks_uri', 'ok'],
          ['key set', 'ok'],
          ['algorithms', 'ok'],
          ['CORS', 'ok'],
          ['caching', 'ok'],
          ['clock', 'ok'],
          ['audience', 'ok'],
        ],
      );
    } finally {
      await issuer.stop();
    }
  });

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

  const cases: [what: string, check: string, status: Finding['status'], seen: RegExp, fix: RegExp, faulty: Faulty][] = [
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
    [
      'an old copy',
      'caching',
      'warning',
      /Age: 4000/,
      /4000 s/,
      { headers: () => ({ ...date(-4000)(), age: '4000' }) },
    ],
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
  for (const [what, check, status, seen, fix, faulty] of cases) {
    it(`finds ${what}`, async () => {
      await withServer(faulty, async (url) => {
        const { code, findings } = await examine(['--endpoint', url, ...(faulty.args ?? [])]);
        const finding = findings.find((finding) => finding.check === check);
        assert.equal(finding?.status, status, JSON.stringify(findings, null, 2));
        assert.match(finding.seen, seen);
        assert.match(finding.fix ?? '', fix);
        assert.equal(code, findings.some((finding) => finding.status === 'fault') ? 1 : 0);
        assert.equal(code, status === 'fault' ? 1 : 0);
      });
    });
  }

  const fine: [what: string, check: string, headers: () => Record<string, string>][] = [
    ['a cached answer of this moment', 'clock', () => ({ ...date(-300)(), age: '300' })],
    ['CORS for the origin that asks', 'CORS', () => ({ 'access-control-allow-origin': 'https://app.example' })],
    ['a copy that caches may not keep', 'caching', () => ({ 'cache-control': 'no-store, max-age=86400', age: '4000' })],
    ['a short life in shared caches', 'caching', () => ({ 'cache-control': 'max-age=86400, s-maxage=60' })],
    ['an age that is none', 'caching', () => ({ age: 'old' })],
    ['an age that is negative', 'caching', () => ({ age: '-4000' })],
  ];
  for (const [what, check, headers] of fine) {
    it(`finds nothing wrong with ${what}`, async () => {
      await withServer({ headers }, async (url) => {
        const { findings } = await examine(['--endpoint', url]);
        assert.equal(findings.find((finding) => finding.check === check)?.status, 'ok', JSON.stringify(findings));
      });
    });
  }

  it('does not unpack what is too long', async () => {
    let sent = 0;
    const answer = (path: string, response: ServerResponse): boolean => {
      if (!path.endsWith('/jwks')) return false;
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const bomb = createGzip({ level: 9 });
      const block = Buffer.alloc(1024 * 1024);
      Readable.from(
        (function* () {
          for (; sent < 4096; sent++) yield block;
        })(),
      ).pipe(bomb);
      bomb.pipe(response);
      response.on('close', () => bomb.destroy());
      return true;
    };
    await withServer({ answer }, async (url) => {
      const { findings } = await examine(['--endpoint', url]);
      assert.match(findings.find(({ check }) => check === 'key set')?.seen ?? '', /is longer than 512 KiB$/);
    });
    assert.ok(sent < 4096, 'it read all of it');
  });

  it('finds the issuer among the audiences', async () => {
    await withServer({}, async (url) => {
      const { code, findings } = await examine([
        '--endpoint',
        url,
        '--audience',
        'https://api.yourapp.com',
        '--audience',
        url,
      ]);
      assert.equal(code, 0);
      assert.match(findings.at(-1)?.fix ?? '', /This is the issuer/);
    });
  });

  it('looks where jwksUri says', async () => {
    await withServer({}, async (keys) => {
      await withServer({ discovery: (document) => ({ ...document, jwks_uri: `${keys}/oidc/jwks` }) }, async (url) => {
        const { code, findings } = await examine(['--endpoint', url, '--jwks-uri', `${keys}/oidc/jwks`]);
        assert.equal(code, 0);
        assert.equal(findings.find(({ check }) => check === 'jwks_uri')?.status, 'ok');
      });
    });
  });

  it('prints what to fix', async () => {
    await withServer({ keys: () => [] }, async (url) => {
      const { code, stdout } = await scopegate(['doctor', '--endpoint', url]);
      assert.equal(code, 1);
      assert.match(stdout, /^ok {7}discovery {5}http/m);
      assert.match(stdout, /^fault {4}key set {7}\S.*\n {23}Every token would be answered with 503/m);
    });
  });

  it('has all of its checks in docs/cli.md', () => {
    const listed = tableAfter('doctor checks').map(([check]) => check);
    assert.deepEqual([...checked].sort(), listed.sort());
  });
});
