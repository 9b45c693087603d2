import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Miniflare } from 'miniflare';
import { HANDFUL, thousandColdStarts } from '../support/cold-starts.ts';
import { listen } from '../support/http.ts';
import { startMiniflare } from '../support/miniflare.ts';
import { scratch } from '../support/scratch.ts';
import { accessToken, jwks } from '../support/tenant.ts';

// workerd's own KV and Cache, on Miniflare's storage: what a Worker is developed against.
describe('keys shared between isolates', () => {
  const files = scratch('miniflare');
  const fetches = new Map<string, number>();
  let issuer: Awaited<ReturnType<typeof listen>>;
  let worker: Miniflare;

  const start = (): Promise<Miniflare> =>
    startMiniflare(new URL('worker.ts', import.meta.url), {
      directory: files.path,
      bindings: { ISSUER: issuer.url },
      kvNamespaces: ['KEYS'],
    });

  before(async () => {
    issuer = await listen((request, response) => {
      const name = request.url?.slice(1) ?? '';
      fetches.set(name, (fetches.get(name) ?? 0) + 1);
      response.end(JSON.stringify(jwks));
    });
    worker = await start();
  });

  after(async () => {
    await worker?.dispose();
    await issuer?.close();
    files.remove();
  });

  const ask = async (store: string): Promise<void> => {
    const now = Math.floor(Date.now() / 1000);
    const token = await accessToken({ claims: { iss: issuer.url, iat: now, exp: now + 600 } });
    const headers = { authorization: `Bearer ${token}` };
    const response = await worker.dispatchFetch(`http://worker/${store}`, { headers });
    assert.deepEqual([response.status, await response.json()], [200, { subject: 'w2k7dq3hz9ab' }]);
  };

  for (const [what, store] of [
    ['Workers KV', 'kv'],
    ['the Cache API', 'cache'],
  ] as const) {
    it(`through ${what} spare a thousand of them their fetches, and outlive them`, async (test) => {
      await thousandColdStarts(() => ask(store));
      const count = fetches.get(store) ?? 0;
      test.diagnostic(`1000 cold verifiers, ${count} fetches`);
      assert.ok(count >= 1 && count <= HANDFUL, String(count));
      await worker.dispose();
      worker = await start();
      await ask(store);
      assert.equal(fetches.get(store), count, 'a new process needs no fetch');
    });
  }
});
