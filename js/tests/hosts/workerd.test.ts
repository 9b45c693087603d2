import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { ask, listen, type Reply } from '../support/http.ts';
import { accessToken, jwks } from '../support/tenant.ts';
import type { VectorFile } from '../support/vectors.ts';
import { compatibilityDate, startWorkerd, type Workerd } from '../support/workerd.ts';

const vectors = readFileSync(new URL('../../../tests/vectors/vectors.json', import.meta.url), 'utf8');
const { cases } = JSON.parse(vectors) as VectorFile;

/** workerd has the real clock, so these tokens do, too. */
const now = Math.floor(Date.now() / 1000);

// Node's own modules and globals came with 2026; before, there were none of them.
for (const date of [compatibilityDate, '2024-01-01']) {
  describe(`workerd as of ${date}`, () => {
    /** How often each key set was fetched. */
    const fetches = new Map<string, number>();
    /** How key sets are served where that is special. */
    const special = new Map<string, (response: ServerResponse, count: number) => void>();
    let issuer: Awaited<ReturnType<typeof listen>>;
    let workerd: Workerd;

    before(async () => {
      issuer = await listen((request, response) => {
        const name = request.url?.split('/').at(-1) ?? '';
        const count = (fetches.get(name) ?? 0) + 1;
        fetches.set(name, count);
        const serve = special.get(name);
        if (serve === undefined) response.end(JSON.stringify(jwks));
        else serve(response, count);
      });
      workerd = await startWorkerd(new URL('worker.ts', import.meta.url), { ISSUER: issuer.url }, date);
    });

    after(async () => {
      await workerd?.stop();
      await issuer?.close();
    });

    const bearer = async (claims = {}): Promise<Record<string, string>> => {
      const token = await accessToken({ claims: { iss: issuer.url, iat: now, exp: now + 600, ...claims } });
      return { authorization: `Bearer ${token}` };
    };
    const get = (path: string, headers = {}, method = 'GET'): Promise<Reply> =>
      ask(workerd.url + path, headers, method);
    const expect = (reply: Reply, status: number, code: string): void => {
      assert.deepEqual([reply.status, JSON.parse(reply.body).code], [status, code]);
      assert.equal(reply.headers['content-type'], 'application/json');
      assert.equal(reply.headers['cache-control'], 'no-store');
    };

    it('lets a good token pass, and refuses the others', async () => {
      const reply = await get('/posts', await bearer());
      assert.deepEqual([reply.status, JSON.parse(reply.body)], [200, { subject: 'w2k7dq3hz9ab' }]);
      const anonymous = await get('/posts');
      expect(anonymous, 401, 'token_missing');
      assert.equal(anonymous.headers['www-authenticate'], 'Bearer realm="blog", scope="read:posts"');
      expect(await get('/posts', await bearer({ exp: now - 60 })), 401, 'token_expired');
      expect(await get('/posts', await bearer({ scope: '' })), 403, 'scope_insufficient');
      expect(await get('/posts', { authorization: 'Bearer a b' }), 400, 'request_invalid');
      const head = await get('/posts', {}, 'HEAD');
      assert.deepEqual([head.status, head.body], [401, '']);
    });

    it('demands further scopes, and the organization of the request', async () => {
      assert.equal((await get('/write', await bearer())).status, 200);
      expect(await get('/write', await bearer({ scope: 'read:posts' })), 403, 'scope_insufficient');
      assert.deepEqual(JSON.parse((await get('/optional')).body), { subject: null });
      const member = await bearer({ organization_id: 'org1' });
      assert.equal((await get('/organizations', { ...member, 'x-organization': 'org1' })).status, 200);
      expect(await get('/organizations', { ...member, 'x-organization': 'org2' }), 403, 'organization_mismatch');
      expect(await get('/organizations', member), 400, 'request_invalid');
    });

    it('fetches once for a hundred who come at the same time', async () => {
      special.set('crowd', (response) => setTimeout(() => response.end(JSON.stringify(jwks)), 300));
      const headers = await bearer();
      const replies = await Promise.all(Array.from({ length: 100 }, () => get('/crowd', headers)));
      assert.ok(replies.every(({ status }) => status === 200));
      assert.equal(fetches.get('crowd'), 1);
    });

    it('is not held up by a request that went away while it fetched', async () => {
      special.set('deserted', (response, count) => {
        if (count > 1) response.end(JSON.stringify(jwks));
      });
      const headers = await bearer();
      const controller = new AbortController();
      const deserter = fetch(`${workerd.url}/deserted`, { headers, signal: controller.signal });
      await new Promise((resolve) => setTimeout(resolve, 200));
      controller.abort();
      await assert.rejects(deserter);
      const started = Date.now();
      assert.equal((await get('/deserted', headers)).status, 200);
      assert.ok(Date.now() - started < 3000);
      assert.equal(fetches.get('deserted'), 2);
    });

    it('refreshes in the background, after the response', async () => {
      const headers = await bearer();
      assert.equal((await get('/refresh', headers)).status, 200);
      await new Promise((resolve) => setTimeout(resolve, 1100));
      special.set('refresh', (response) => setTimeout(() => response.end(JSON.stringify(jwks)), 200));
      const started = Date.now();
      assert.equal((await get('/refresh', headers)).status, 200);
      assert.ok(Date.now() - started < 200, 'the request waited for the refresh');
      await new Promise((resolve) => setTimeout(resolve, 400));
      assert.equal(fetches.get('refresh'), 2);
      assert.equal((await get('/refresh', headers)).status, 200);
      assert.equal(fetches.get('refresh'), 2, 'the refreshed keys arrived');
    });

    it('answers 503 when the keys cannot be had, and follows no redirect', async () => {
      special.set('down', (response) => void response.writeHead(500).end());
      special.set(
        'redirect',
        (response) => void response.writeHead(302, { location: `${issuer.url}/jwks/main` }).end(),
      );
      special.set('endless', (response) => {
        const more = (): void => void response.write('x'.repeat(64 * 1024), (error) => error ?? setImmediate(more));
        more();
      });
      for (const path of ['/down', '/redirect', '/endless']) {
        const reply = await get(path, await bearer());
        expect(reply, 503, 'keys_unavailable');
        assert.match(reply.headers['retry-after'] ?? '', /^[1-9]\d*$/);
      }
    });

    it('verifies without waiting once the keys are there', async () => {
      const headers = await bearer();
      assert.deepEqual(JSON.parse((await get('/sync', headers)).body), { code: 'keys_unavailable' });
      for (let i = 0; i < 50; i++) {
        const { subject } = JSON.parse((await get('/sync', headers)).body);
        if (subject === 'w2k7dq3hz9ab') return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.fail('the keys never arrived');
    });

    it('checks signatures by its own WebCrypto, one imported key for many requests', async () => {
      const headers = await Promise.all(Array.from({ length: 20 }, (_, i) => bearer({ jti: String(i) })));
      for (const batch of [headers.slice(0, 10), headers.slice(10)]) {
        const replies = await Promise.all(batch.map((header) => get('/webcrypto', header)));
        assert.ok(replies.every(({ status }) => status === 200));
      }
      const { authorization = '' } = headers[0] ?? {};
      const tampered = `${authorization.slice(0, -8)}AAAAAAAA`;
      expect(await get('/webcrypto', { authorization: tampered }), 401, 'signature_invalid');
      assert.equal((await get('/webcrypto', headers[0])).status, 200);
    });

    it('reads tokens by the module without signatures', async () => {
      const response = await fetch(`${workerd.url}/kind`, { method: 'POST', body: 'a'.repeat(43) });
      assert.equal(await response.json(), 'opaque');
    });

    for (const build of ['scopegate', 'webcrypto']) {
      describe(`the shared vectors (${build})`, () => {
        let results: Record<string, string | null>;
        before(async () => {
          const response = await fetch(`${workerd.url}/vectors/${build}`, { method: 'POST', body: vectors });
          results = (await response.json()) as typeof results;
        });
        for (const { id } of cases) it(id, () => assert.equal(results[id], null));
      });
    }
  });
}
