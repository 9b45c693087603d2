import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { ScopegateError, VerifierEvent } from 'scopegate';
import { BUILDS, onEveryBuild } from './support/builds.ts';
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
} from './support/tenant.ts';
import { type Api, runCase, type VectorFile } from './support/vectors.ts';

const jwksUri = `${ISSUER}/jwks`;
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

onEveryBuild(({ createVerifier, verifyIdToken, sync }) => {
  function setting(onEvent?: (event: VerifierEvent) => unknown) {
    const clock = new Clock();
    const server = new KeyServer();
    const events: VerifierEvent[] = [];
    const listener = onEvent ?? ((event: VerifierEvent) => events.push(event));
    const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: clock.now, fetch: server.fetch };
    const verifier = createVerifier({ ...options, onEvent: (event) => void listener(event) });
    return { clock, server, events, options, verifier };
  }

  /** Events without what differs from run to run; it is checked here. */
  const plain = (events: readonly VerifierEvent[]): object[] =>
    events.map((event) => {
      assert.ok(Object.isFrozen(event));
      const { durationMs, error, ...rest } = event as VerifierEvent & { durationMs?: number; error?: unknown };
      if (durationMs !== undefined) assert.ok(durationMs >= 0 && durationMs < 60_000);
      if ('error' in event) assert.ok(error instanceof Error);
      return rest;
    });

  const accepted = {
    type: 'token_accepted',
    subject: 'w2k7dq3hz9ab',
    clientId: CLIENT,
    isMachine: false,
    organizationId: null,
  };
  const fetched = { type: 'keys_fetched', jwksUri, source: 'issuer', keys: 1, rejected: [] };

  describe('onEvent', () => {
    it('hears of keys that are fetched, and of a token that is accepted, again and refused', async () => {
      const { events, verifier } = setting();
      const jwt = await accessToken();
      await verifier.verify(jwt);
      await verifier.verify(jwt);
      await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes: 'admin:all' }));
      const refused = { type: 'token_refused', code: 'scope_insufficient' };
      assert.deepEqual(plain(events), [fetched, accepted, { type: 'cache_hit' }, accepted, refused]);
    });

    if (sync)
      it('hears of verifySync', async () => {
        const { events, verifier } = setting();
        await verifier.preload();
        verifier.verifySync(await accessToken());
        await refusal('token_opaque', () => verifier.verifySync('x'.repeat(43)));
        const refused = { type: 'token_refused', code: 'token_opaque' };
        assert.deepEqual(plain(events), [fetched, accepted, refused]);
      });

    it('hears of keys that are stale, rotated and not to be had', async () => {
      const { clock, server, events, verifier } = setting();
      const jwt = await accessToken();
      await verifier.verify(jwt);
      const next = await makeKey('ES384', 'key-2');
      server.answer = () => Response.json({ keys: [next.jwk, key.jwk, { kty: 'oct', kid: 'key-3' }] });
      clock.advance(601);
      events.length = 0;
      await verifier.verify(jwt);
      await settle();
      server.fail();
      clock.advance(601);
      await verifier.verify(jwt);
      await settle();
      const stale = { type: 'keys_stale', jwksUri };
      const rejected = [{ kid: 'key-3', reason: 'kty is not EC, RSA or OKP' }];
      const ofKeys = plain(events).filter((event) => 'jwksUri' in event);
      assert.deepEqual(ofKeys, [
        stale,
        { ...fetched, keys: 2, rejected },
        { type: 'keys_rotated', jwksUri, generation: 2 },
        stale,
        { type: 'keys_failed', jwksUri },
      ]);
    });

    it('hears of an outage', async () => {
      const { server, events, verifier } = setting();
      server.fail();
      await refusal('keys_unavailable', async () => verifier.verify(await accessToken()));
      assert.deepEqual(plain(events), [
        { type: 'keys_failed', jwksUri },
        { type: 'token_refused', code: 'keys_unavailable' },
      ]);
    });

    it('hears of a key store', async () => {
      const { clock, events, options, server } = setting();
      const keyStore = new MemoryStore();
      const start = () => createVerifier({ ...options, keyStore, onEvent: (event) => void events.push(event) });
      await start().preload();
      await start().preload();
      keyStore.entries.set(jwksUri, { body: '[]', fetchedAt: clock.now() });
      keyStore.put = async () => {
        throw new Error('read only');
      };
      await start().preload();
      await settle();
      assert.equal(server.requests.length, 2);
      assert.deepEqual(plain(events), [
        fetched,
        { ...fetched, source: 'store' },
        { type: 'key_store_failed', jwksUri, operation: 'get' },
        fetched,
        { type: 'key_store_failed', jwksUri, operation: 'put' },
      ]);
    });

    it('hears of stored keys that serve in an outage', async () => {
      const { clock, events, options, server } = setting();
      const keyStore = new MemoryStore();
      keyStore.entries.set(jwksUri, { body: JSON.stringify(jwks), fetchedAt: clock.now() - 3_600_000 });
      server.fail();
      await createVerifier({ ...options, keyStore, onEvent: (event) => void events.push(event) }).preload();
      assert.deepEqual(plain(events), [
        { type: 'keys_failed', jwksUri },
        { ...fetched, source: 'store' },
      ]);
    });

    it('hears nothing of explain, of wrong requirements and of a fixed key set', async () => {
      const events: VerifierEvent[] = [];
      const options = { endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: new Clock().now };
      const verifier = createVerifier({ ...options, onEvent: (event) => void events.push(event) });
      await verifier.explain(await accessToken());
      await refusal('config_invalid', async () => verifier.verify(await accessToken(), { scopes: [] }));
      assert.deepEqual(events, []);
    });

    it('hears of scopes that are demanded of a token later, and of malformed credentials, but not of missing ones', async () => {
      const { events, verifier } = setting();
      const token = await verifier.verify(await accessToken());
      events.length = 0;
      verifier.requireScopes(token, 'read:posts');
      await refusal('scope_insufficient', () => verifier.requireScopes(token, 'admin:all'));
      await refusal('scope_insufficient', () => verifier.requireScopes({ scopes: new Set() }, 'admin:all'));
      for (const authorization of ['Bearer', 'Bearer a b'])
        await refusal('request_invalid', () => verifier.authenticate({ headers: { authorization } }));
      for (const authorization of [undefined, 'Basic dXNlcjpwYXNz'])
        await refusal('token_missing', () => verifier.authenticate({ headers: { authorization } }));
      assert.deepEqual(plain(events), [
        { type: 'token_refused', code: 'scope_insufficient' },
        { type: 'token_refused', code: 'request_invalid' },
        { type: 'token_refused', code: 'request_invalid' },
      ]);
    });

    it('cannot change the error that is thrown, nor the list of rejected keys', async () => {
      const attempts: (() => unknown)[] = [];
      const { server, verifier } = setting((event) => {
        if (event.type === 'keys_fetched') {
          attempts.push(
            () => (event.rejected as unknown[]).pop(),
            () => Object.assign(event.rejected[0] ?? {}, { kid: '' }),
          );
        }
        if (event.type !== 'token_refused') return;
        const { error } = event;
        attempts.push(
          () => Object.assign(error, { status: 200 }),
          () => Object.assign(error, { message: 'fine' }),
        );
        assert.deepEqual(
          [error.missing, error.hint !== '', error.stack?.includes('events.test')],
          [['admin:all'], true, true],
        );
      });
      server.answer = () => Response.json({ keys: [key.jwk, { kty: 'oct', kid: 'key-3' }] });
      const jwt = await accessToken();
      const error = await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes: 'admin:all' }));
      assert.deepEqual([error.status, error.message], [403, 'the token lacks a required scope']);
      assert.equal(attempts.length, 4);
      for (const attempt of attempts) assert.throws(attempt, TypeError);
      // It is the caller's own.
      Object.assign(error, { requestId: 1 });
    });

    const faults: Record<string, () => unknown> = {
      throws: () => {
        throw new Error('a listener of little worth');
      },
      rejects: () => Promise.reject(new Error('a listener of little worth')),
    };
    for (const [what, fault] of Object.entries(faults)) {
      it(`changes no verdict when it ${what}`, async () => {
        const { options } = setting();
        const verifier = createVerifier({ ...options, onEvent: fault as () => void });
        const jwt = await accessToken();
        assert.equal((await verifier.verify(jwt)).subject, 'w2k7dq3hz9ab');
        assert.equal((await verifier.verify(jwt)).subject, 'w2k7dq3hz9ab');
        await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes: 'admin:all' }));
        await settle();
      });
    }

    it('may verify, too', async () => {
      const jwt = await accessToken();
      const other = await accessToken({ claims: { sub: 'somebody else' } });
      let inner: Promise<string> | undefined;
      const { verifier } = setting(() => {
        inner ??= verifier.verify(other).then(({ subject }) => subject);
      });
      assert.equal((await verifier.verify(jwt)).subject, 'w2k7dq3hz9ab');
      assert.equal(await inner, 'somebody else');
      assert.equal((await verifier.verify(jwt)).subject, 'w2k7dq3hz9ab');
      assert.equal((await verifier.verify(other)).subject, 'somebody else');
    });

    it('hears of a remembered token that it is one, and at once that it is accepted', async () => {
      const { events, verifier } = setting();
      const jwt = await accessToken();
      await verifier.verify(jwt);
      events.length = 0;
      await Promise.all([verifier.verify(jwt), verifier.verify(jwt)]);
      assert.deepEqual(plain(events), [{ type: 'cache_hit' }, accepted, { type: 'cache_hit' }, accepted]);
    });

    it('may verify when a token is refused, too', async () => {
      let inner: Promise<unknown> | undefined;
      const { verifier } = setting(() => {
        inner ??= verifier.verify('a.b.c').catch(({ code }: ScopegateError) => code);
      });
      await refusal('token_opaque', () => verifier.verify('x'.repeat(43)));
      assert.equal(await inner, 'token_malformed');
    });

    it('is a function, and of access tokens only', async () => {
      const { options } = setting();
      await refusal('config_invalid', () => createVerifier({ ...options, onEvent: 'log' as never }));
      const { audience: _, ...others } = options;
      const wrong = { ...others, clientId: CLIENT, onEvent: () => undefined };
      await refusal('config_invalid', async () => verifyIdToken(await idToken(), wrong));
    });
  });

  describe('the channels of node:diagnostics_channel', () => {
    it('publish the same while somebody listens', async () => {
      const { events, verifier } = setting();
      const published: unknown[] = [];
      const hear = (event: unknown, name: string | symbol): void => void published.push([name, event]);
      const jwt = await accessToken();
      for (const channel of ['scopegate:token', 'scopegate:keys']) subscribe(channel, hear);
      try {
        await verifier.verify(jwt);
      } finally {
        for (const channel of ['scopegate:token', 'scopegate:keys']) unsubscribe(channel, hear);
      }
      assert.deepEqual(published, [
        ['scopegate:keys', events[0]],
        ['scopegate:token', events[1]],
      ]);
      await verifier.verify(jwt);
      assert.equal(published.length, 2);
    });

    it('serve without onEvent, and tell of keys for ID tokens', async () => {
      const { options } = setting();
      const published: VerifierEvent[] = [];
      const hear = (event: unknown): void => void published.push(event as VerifierEvent);
      for (const channel of ['scopegate:token', 'scopegate:keys']) subscribe(channel, hear);
      try {
        const verifier = createVerifier(options);
        await verifier.verify(await accessToken());
        const { audience: _, ...others } = options;
        await verifyIdToken(await idToken(), { ...others, clientId: CLIENT });
      } finally {
        for (const channel of ['scopegate:token', 'scopegate:keys']) unsubscribe(channel, hear);
      }
      assert.deepEqual(plain(published), [fetched, accepted, fetched]);
    });
  });
});

it('the CommonJS build publishes on the same channels', async () => {
  const { createVerifier } = createRequire(import.meta.url)('scopegate') as typeof import('scopegate');
  const types: string[] = [];
  const hear = (event: unknown): void => void types.push((event as VerifierEvent).type);
  subscribe('scopegate:token', hear);
  try {
    const options = { endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: new Clock().now };
    await createVerifier(options).verify(await accessToken());
  } finally {
    unsubscribe('scopegate:token', hear);
  }
  assert.deepEqual(types, ['token_accepted']);
});

describe('no event', () => {
  const path = new URL('../../tests/vectors/vectors.json', import.meta.url);
  const file = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;

  it('of any shared vector carries a token, and listening changes no verdict', async () => {
    let heard = 0;
    let token = '';
    const hear = (event: unknown): void => {
      heard++;
      const text = inspect(event, { depth: Infinity, showHidden: true, maxStringLength: Infinity });
      // The signature is what makes a token of claims; without dots the whole is the secret.
      const secret = token.split('.').at(-1) || token;
      if (secret.length > 16) assert.ok(!text.includes(secret), `${text} has the token's signature`);
      if (token.length > 16) assert.ok(!text.includes(token), `${text} has the token`);
    };
    const failures: unknown[] = [];
    const check = (event: unknown): void => {
      try {
        hear(event);
      } catch (failure) {
        failures.push(failure);
      }
    };
    for (const channel of ['scopegate:token', 'scopegate:keys']) subscribe(channel, check);
    try {
      for (const vector of file.cases) {
        token = typeof vector.token === 'string' ? vector.token : (vector.authorization ?? '').replace(/^\S+\s+/, '');
        await runCase(BUILDS[0] as Api, file, vector);
      }
    } finally {
      for (const channel of ['scopegate:token', 'scopegate:keys']) unsubscribe(channel, check);
    }
    assert.deepEqual(failures, []);
    assert.ok(heard > 1000, String(heard));
  });
});
