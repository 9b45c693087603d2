import assert from 'node:assert/strict';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { createGzip } from 'node:zlib';
import { BLOG_API, createIssuer } from '@scopegate/issuer';
import { generate } from 'selfsigned';
import { type Finished, scopegate } from './support/cli.ts';
import { documentAt } from './support/docs.ts';
import { FAULTS, type Faulty, FINE, type Finding, jwks } from './support/doctor-cases.ts';
import { type Scratch, scratch } from './support/scratch.ts';

const { tableAfter } = documentAt('docs/cli.md');

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

  for (const [what, check, status, seen, fix, faulty] of FAULTS) {
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

  for (const [what, check, headers] of FINE) {
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
