import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredKeySet } from 'scopegate';
import { onEveryBuild } from './support/builds.ts';
import { Fragile } from './support/fragile.ts';
import { MemoryStore } from './support/memory-store.ts';
import { refusal } from './support/refusal.ts';
import {
  AUDIENCE,
  accessToken,
  CLIENT,
  Clock,
  ENDPOINT,
  ISSUER,
  idToken,
  jwks,
  KeyServer,
  key,
  makeKey,
  START,
} from './support/tenant.ts';

const URI = `${ISSUER}/jwks`;
const body = JSON.stringify(jwks);

onEveryBuild(({ createVerifier, verifyIdToken }) => {
  function setting(stored?: StoredKeySet) {
    const clock = new Clock();
    const server = new KeyServer();
    const store = new MemoryStore();
    if (stored !== undefined) store.entries.set(URI, stored);
    const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: clock.now, fetch: server.fetch, keyStore: store };
    return { clock, server, store, options, start: () => createVerifier(options) };
  }

  describe('a key store', () => {
    it('is written after a fetch, and spares the next verifier its own', async () => {
      const { server, store, start } = setting();
      await start().verify(await accessToken());
      assert.deepEqual(Object.fromEntries(store.entries), { [URI]: { body, fetchedAt: START } });
      await start().verify(await accessToken());
      assert.deepEqual([server.requests.length, store.reads, store.writes], [1, 2, 1]);
    });

    it('is read only when there are no keys in memory', async () => {
      const { clock, server, store, start } = setting({ body, fetchedAt: START });
      const verifier = start();
      await verifier.verify(await accessToken());
      const next = await makeKey('ES384', 'key-2');
      server.serve(next, key);
      await verifier.verify(await accessToken());
      assert.deepEqual([server.requests.length, store.reads], [0, 1]);
      clock.advance(601);
      await verifier.verify(await accessToken());
      clock.advance(31);
      await verifier.verify(await accessToken({ key: next }));
      assert.equal(store.reads, 1);
      assert.equal(store.entries.get(URI)?.body, JSON.stringify({ keys: [next.jwk, key.jwk] }));
    });

    it('has keys that age from when they were fetched', async () => {
      const { clock, server, start } = setting({ body, fetchedAt: START - 590_000 });
      const verifier = start();
      const jwt = await accessToken({ claims: { exp: 1e12 } });
      await verifier.verify(jwt);
      assert.equal(server.requests.length, 0);
      clock.advance(11);
      server.fail();
      await verifier.verify(jwt);
      assert.equal(server.requests.length, 1, 'a refresh in the background');
      clock.advance(86_400);
      await refusal('keys_unavailable', () => verifier.verify(jwt));
    });

    it('does not bring back a key that the issuer has removed, once it is stale', async () => {
      const { server, store, start } = setting({ body, fetchedAt: START - 600_000 });
      const next = await makeKey('ES384', 'key-2');
      server.serve(next);
      const verifier = start();
      const answers = [0, 1].map(async () =>
        refusal('key_not_found', async () => verifier.verify(await accessToken())),
      );
      await Promise.all(answers);
      await verifier.verify(await accessToken({ key: next }));
      assert.equal(server.requests.length, 1);
      assert.deepEqual(store.entries.get(URI), { body: JSON.stringify({ keys: [next.jwk] }), fetchedAt: START });
    });

    it('serves stale keys while the issuer cannot be asked, and for as long as those in memory would', async () => {
      for (const answer of [() => Response.json({ keys: [] }), () => new Response('', { status: 500 })]) {
        const { clock, server, start } = setting({ body, fetchedAt: START - 3_600_000 });
        server.answer = answer;
        const verifier = start();
        const jwt = await accessToken({ claims: { exp: 1e12 } });
        await verifier.verify(jwt);
        await verifier.verify(jwt);
        assert.equal(server.requests.length, 1, 'the issuer is given a pause');
        await refusal('keys_unavailable', async () =>
          verifier.verify(await accessToken({ key: { ...key, kid: 'x' } })),
        );
        clock.advance(2);
        await verifier.verify(jwt);
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(server.requests.length, 2, 'a refresh in the background');
        clock.advance(86_400 + 600 - 3_600 - 3);
        await verifier.verify(jwt);
        clock.advance(1);
        await refusal('keys_unavailable', () => verifier.verify(jwt));
      }
    });

    it('does not hide a rotation for longer than the cooldown', async () => {
      const next = await makeKey('ES384', 'key-2');
      const fresh = setting({ body, fetchedAt: START - 10_000 });
      fresh.server.serve(next, key);
      const verifier = fresh.start();
      await refusal('key_not_found', async () => verifier.verify(await accessToken({ key: next })));
      assert.equal(fresh.server.requests.length, 0, 'somebody asked the issuer ten seconds ago');
      fresh.clock.advance(21);
      await verifier.verify(await accessToken({ key: next }));
      const older = setting({ body, fetchedAt: START - 31_000 });
      older.server.serve(next, key);
      await older.start().verify(await accessToken({ key: next }));
      assert.equal(older.server.requests.length, 1);
    });

    it('serves preload, and ID tokens', async () => {
      const { server, start, options } = setting({ body, fetchedAt: START });
      await start().preload();
      const { audience: _, ...others } = options;
      await verifyIdToken(await idToken(), { ...others, clientId: CLIENT });
      assert.equal(server.requests.length, 0);
    });

    it('gets nothing that is no usable key set', async () => {
      for (const answer of [{ keys: [] }, { keys: [{ kty: 'oct', k: 'AAAA' }] }, 'text']) {
        const { server, store, start } = setting();
        server.answer = () => Response.json(answer);
        await refusal('keys_unavailable', async () => start().verify(await accessToken()));
        assert.equal(store.writes, 0);
      }
    });
  });

  describe('a stored key set is ignored', () => {
    const unusable: [string, unknown][] = [
      ['from the future', { body, fetchedAt: START + 3_600_000 }],
      ['older than a day and its ttl', { body, fetchedAt: START - 87_001_000 }],
      ['without a time', { body }],
      ['fetched at no time', { body, fetchedAt: Number.NaN }],
      ['fetched before time began', { body, fetchedAt: -1 }],
      ['fetched at a text', { body, fetchedAt: String(START) }],
      ['that is no text', { body: jwks, fetchedAt: START }],
      ['that is no JSON', { body: '<html>', fetchedAt: START }],
      ['without keys', { body: '{"keys":[]}', fetchedAt: START }],
      ['with duplicate members', { body: body.replace('{', '{"keys":[],'), fetchedAt: START }],
      ['with symmetric keys', { body: '{"keys":[{"kty":"oct","k":"AAAA","kid":"key-1"}]}', fetchedAt: START }],
      ['that is too large', { body: body.replace('{', `{"x":"${'x'.repeat(512 * 1024)}",`), fetchedAt: START }],
      ['that is too large in bytes', { body: body.replace('{', `{"x":"${'é'.repeat(262_144)}",`), fetchedAt: START }],
      ['that is a text itself', body],
    ];
    for (const [what, stored] of unusable) {
      it(what, async () => {
        const { server, store, start } = setting(stored as StoredKeySet);
        const verifier = start();
        await verifier.verify(await accessToken());
        assert.equal(server.requests.length, 1);
        assert.deepEqual(store.entries.get(URI), { body, fetchedAt: START }, 'and replaced');
        // The issuer was not taken for failing: an unknown key is looked for at once.
        await refusal('key_not_found', async () => verifier.verify(await accessToken({ key: { ...key, kid: 'x' } })));
      });
    }

    it('and is no better than the issuer for a signature', async () => {
      const other = await makeKey('ES384', 'key-1');
      const { server, start } = setting({ body: JSON.stringify({ keys: [other.jwk] }), fetchedAt: START });
      await refusal('signature_invalid', async () => start().verify(await accessToken()));
      assert.equal(server.requests.length, 0);
    });
  });

  describe('a key store that does not work', () => {
    const never = (): Promise<never> => new Promise(() => undefined);
    const broken = (): never => {
      throw new Error('no connection');
    };
    for (const [what, fault] of [
      ['fails', async () => broken()],
      ['fails at once', broken],
      ['hangs', never],
    ] as const) {
      it(`is done without when it ${what}`, async () => {
        const { server, store, start } = setting({ body, fetchedAt: START });
        store.get = fault;
        store.put = fault;
        const verifier = start();
        const started = performance.now();
        await verifier.verify(await accessToken());
        assert.ok(performance.now() - started < 1500, 'it kept the caller waiting');
        await verifier.verify(await accessToken());
        assert.equal(server.requests.length, 1);
        await new Promise((resolve) => setImmediate(resolve));
      });
    }

    it('is asked once for all who wait', async () => {
      const { server, store, start } = setting();
      const verifier = start();
      const jwt = await accessToken();
      await Promise.all(Array.from({ length: 100 }, () => verifier.verify(jwt)));
      assert.deepEqual([server.requests.length, store.reads, store.writes], [1, 1, 1]);
    });

    it('is let finish by the context of the request', async () => {
      const { store, start } = setting();
      const kept: unknown[] = [];
      let finish = (): void => undefined;
      store.put = () => new Promise<void>((resolve) => (finish = resolve));
      const waitUntil = (promise: unknown): void => void kept.push(promise);
      await start().verify(await accessToken(), {}, { waitUntil });
      finish();
      await Promise.all(kept);
      assert.equal(kept.length, 2, 'the fetch and the write');
    });
  });

  describe('the option keyStore', () => {
    for (const [what, options] of [
      ['no store', { keyStore: {} }],
      ['nothing', { keyStore: null }],
      ['undefined', { keyStore: undefined }],
      ['half a store', { keyStore: { get: async () => undefined } }],
      ['a store for a fixed key set', { keyStore: new MemoryStore(), jwks }],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const wrong = { endpoint: ENDPOINT, audience: AUDIENCE, ...options };
        const { hint } = await refusal('config_invalid', () => createVerifier(wrong as never));
        assert.match(hint, /keyStore/);
      });
    }
  });
});

it('a stored key set that is too much for the core is not given to it twice', async () => {
  const fragile = new Fragile();
  fragile.broken.add('core_restore_keys');
  const server = new KeyServer();
  const store = new MemoryStore();
  store.entries.set(URI, { body, fetchedAt: START });
  const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: new Clock().now, fetch: server.fetch };
  const verifier = fragile.bound.createVerifier({ ...options, keyStore: store });
  await verifier.verify(await accessToken());
  assert.deepEqual([server.requests.length, store.reads, fragile.instances], [1, 1, 2]);
});

it('nor is a stale one, when the issuer cannot be asked', async () => {
  const fragile = new Fragile();
  fragile.broken.add('core_restore_keys');
  const server = new KeyServer();
  server.fail();
  const store = new MemoryStore();
  store.entries.set(URI, { body, fetchedAt: START - 3_600_000 });
  const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: new Clock().now, fetch: server.fetch };
  const verifier = fragile.bound.createVerifier({ ...options, keyStore: store });
  await refusal('keys_unavailable', async () => verifier.verify(await accessToken()));
  assert.deepEqual([server.requests.length, store.reads, fragile.instances], [2, 1, 2]);
});
