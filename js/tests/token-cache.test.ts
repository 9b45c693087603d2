import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AccessToken, anyOf, type ErrorCode, ScopegateError } from 'scopegate';
import { onEveryBuild } from './support/builds.ts';
import { Fragile } from './support/fragile.ts';
import { refusal } from './support/refusal.ts';
import {
  AUDIENCE,
  accessToken,
  Clock,
  ENDPOINT,
  jwks,
  KeyServer,
  key,
  makeKey,
  type SigningKey,
  START,
  signText,
} from './support/tenant.ts';

const NOW = START / 1000;

/** Lets a fetch that runs in the background arrive. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** The same token in another string, as requests bring it. */
const again = (jwt: string): string => Buffer.from(jwt).toString('latin1');

onEveryBuild(({ createVerifier, sync }) => {
  const setting = (options: object = {}) => {
    const clock = new Clock();
    const server = new KeyServer();
    const { fetch } = server;
    const verifier = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, clock: clock.now, fetch, ...options });
    return { clock, server, verifier };
  };

  describe('a token that comes again', () => {
    it('is the same object', async () => {
      const { verifier } = setting();
      const jwt = await accessToken();
      const token = await verifier.verify(jwt);
      assert.equal(await verifier.verify(again(jwt), { scopes: 'read:posts' }), token);
      assert.equal(await verifier.verify(again(jwt), { scopes: anyOf('x', 'write:posts') }), token);
      const headers = { authorization: `Bearer ${jwt}` };
      assert.equal(await verifier.authenticate({ headers }, { scopes: ['read:posts', 'write:posts'] }), token);
      if (sync) assert.equal(verifier.verifySync(again(jwt)), token);
    });

    it('is verified in full without a cache', async () => {
      const { verifier } = setting({ tokenCache: false });
      const jwt = await accessToken();
      assert.notEqual(await verifier.verify(jwt), await verifier.verify(jwt));
    });

    it('cannot have been changed by the request before', async () => {
      const { verifier } = setting();
      const jwt = await accessToken({ claims: { act: { sub: 'a' }, roles: ['reader'] } });
      const { scopes, claims, audience, actor, ...rest } = await verifier.verify(jwt);
      const writable = scopes as Set<string>;
      const attempts = [
        () => writable.add('admin:all'),
        () => writable.delete('read:posts'),
        () => writable.clear(),
        () => Object.assign(scopes, { has: () => true }),
        () => (claims.roles as string[]).push('admin'),
        () => (audience as string[]).push('x'),
        () => Object.assign(actor as object, { sub: 'b' }),
      ];
      for (const attempt of attempts) assert.throws(attempt, TypeError);
      Set.prototype.add.call(scopes, 'admin:all');
      Set.prototype.delete.call(scopes, 'read:posts');

      const token = await verifier.verify(jwt);
      assert.throws(() => Object.assign(token, { scopes: new Set(['admin:all']) }), TypeError);
      assert.ok(token.scopes.has('read:posts') && !token.scopes.has('admin:all'));
      assert.equal(token.scopes.size, 2);
      const seen: string[] = [];
      token.scopes.forEach((scope) => void seen.push(scope));
      for (const all of [seen, token.scopes, token.scopes.keys(), token.scopes.values()]) {
        assert.deepEqual([...all], ['read:posts', 'write:posts']);
      }
      assert.deepEqual([...token.scopes.entries()][0], ['read:posts', 'read:posts']);
      assert.ok(token.scopes instanceof Set);
      assert.deepEqual(token.claims.roles, ['reader']);
      assert.equal(token.subject, rest.subject);
      await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes: 'admin:all' }));
      await refusal('scope_insufficient', async () => verifier.requireScopes(token, 'admin:all'));
    });

    it('is of no use to another verifier', async () => {
      const { clock, verifier } = setting();
      const jwt = await accessToken();
      await verifier.verify(jwt);
      const other = createVerifier({ endpoint: ENDPOINT, audience: 'https://other.example', jwks, clock: clock.now });
      await refusal('audience_mismatch', () => other.verify(jwt));
      const twin = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: clock.now });
      assert.notEqual(await twin.verify(jwt), await verifier.verify(jwt));
    });
  });

  describe('a token that was accepted is refused', () => {
    it('when it has expired, with or without iat', async () => {
      for (const iat of [NOW, undefined]) {
        const { clock, verifier } = setting();
        const jwt = await accessToken({ claims: { iat, exp: NOW + 60 } });
        const token = await verifier.verify(jwt);
        clock.advance(64);
        assert.equal(await verifier.verify(jwt), token);
        clock.advance(1);
        await refusal('token_expired', () => verifier.verify(jwt));
        clock.advance(-1);
        assert.equal(await verifier.verify(jwt), token);
      }
    });

    it('when it is too old', async () => {
      const { clock, verifier } = setting({ maxTokenAge: 60 });
      const jwt = await accessToken();
      await verifier.verify(jwt);
      clock.advance(65);
      await verifier.verify(jwt);
      clock.advance(1);
      await refusal('token_too_old', () => verifier.verify(jwt));
    });

    it('when the clock went back to before it was issued', async () => {
      const { clock, verifier } = setting();
      const jwt = await accessToken();
      const later = await accessToken({ claims: { iat: undefined, nbf: NOW } });
      await verifier.verify(jwt);
      await verifier.verify(later);
      clock.advance(-6);
      await refusal('token_issued_in_future', () => verifier.verify(jwt));
      await refusal('token_not_yet_valid', () => verifier.verify(later));
    });

    it('when more is required of it', async () => {
      const { verifier } = setting();
      const jwt = await accessToken();
      const scopes = ['read:posts'];
      const token = await verifier.verify(jwt, { scopes });
      scopes[0] = 'delete:posts';
      await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes }));
      await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes: anyOf('delete:posts', 'x') }));
      const nested: [string, ...string[]] = ['read:posts'];
      const either = anyOf('delete:posts', nested);
      assert.equal(await verifier.verify(jwt, { scopes: either }), token);
      nested[0] = 'x';
      await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes: either }));
      for (let i = 0; i < 600; i++) await refusal('scope_insufficient', () => verifier.requireScopes(token, `s${i}`));
      for (const bad of [{ scopes: [] }, { scopes: 1 }, { scope: 'x' }, { organization: 'x' }, null]) {
        await refusal('config_invalid', () => verifier.verify(jwt, bad as object));
      }
      assert.equal(await verifier.verify(jwt, { scopes: 'read:posts' }), token);
    });

    it('in another organization', async () => {
      const { clock } = setting();
      const common = { endpoint: ENDPOINT, jwks, clock: clock.now } as const;
      const members = createVerifier({ ...common, audience: AUDIENCE, permissionModel: 'organization-resource' });
      const jwt = await accessToken({ claims: { organization_id: 'org1' } });
      const token = await members.verify(jwt, { organization: 'org1' });
      assert.equal(await members.verify(jwt, { organization: 'org1' }), token);
      await refusal('organization_mismatch', () => members.verify(jwt, { organization: 'org2' }));
      await refusal('config_invalid', () => (members as unknown as { verify(jwt: string): unknown }).verify(jwt));

      const organizations = createVerifier({ ...common, permissionModel: 'organization' });
      const own = await accessToken({ claims: { aud: 'urn:logto:organization:org1' } });
      await organizations.verify(own, { organization: 'org1' });
      await refusal('organization_mismatch', () => organizations.verify(own, { organization: 'org2' }));
    });

    it('when its key has left, and not when another one came', async () => {
      const { clock, server, verifier } = setting();
      const jwt = await accessToken();
      await verifier.verify(jwt);
      const next = await makeKey('ES384', 'key-2');
      const refresh = async (): Promise<void> => {
        clock.advance(601);
        await verifier.verify(jwt);
        await settle();
      };
      clock.advance(601);
      const token = await verifier.verify(jwt);
      await settle();
      assert.equal(await verifier.verify(jwt), token, 'the key set is the same');
      server.serve(key, next);
      await refresh();
      const renewed = await verifier.verify(jwt);
      assert.notEqual(renewed, token, 'the key set is another one');
      assert.equal(await verifier.verify(jwt), renewed);
      let answer = (_: Response): void => undefined;
      server.answer = () => new Promise((resolve) => (answer = resolve));
      await refresh();
      server.serve(next);
      answer(Response.json({ keys: [next.jwk] }));
      await settle();
      await refusal('key_not_found', () => verifier.verify(jwt));
    });

    it('when the key set has become too old', async () => {
      const { clock, server, verifier } = setting({ keyRefresh: { staleFor: 0 } });
      const jwt = await accessToken();
      await verifier.verify(jwt);
      server.fail();
      clock.advance(601);
      await refusal('keys_unavailable', () => verifier.verify(jwt));
    });

    it('when it is not quite the same', async () => {
      const { verifier } = setting();
      const jwt = await accessToken();
      await verifier.verify(jwt);
      const [header, , signature = ''] = jwt.split('.');
      const claims = Buffer.from(JSON.stringify({ ...JSON.parse(atob(jwt.split('.')[1] ?? '')), scope: 'admin:all' }));
      await refusal('signature_invalid', () =>
        verifier.verify(`${header}.${claims.toString('base64url')}.${signature}`),
      );
      for (const other of [`${jwt} `, ` ${jwt}`, `${jwt}=`, jwt.slice(1), `${jwt}\n`, `\u0100${jwt.slice(1)}`]) {
        await assert.rejects(verifier.verify(other), ScopegateError);
      }
      await refusal('signature_invalid', () =>
        verifier.verify(`${jwt.slice(0, -4)}${jwt.slice(-4, -3) === 'A' ? 'B' : 'A'}${jwt.slice(-3)}`),
      );
    });
  });

  describe('what was refused', () => {
    it('is not remembered', async () => {
      const { clock, server, verifier } = setting();
      const late = await accessToken({ claims: { iat: NOW + 100 } });
      await refusal('token_issued_in_future', () => verifier.verify(late));
      const next = await makeKey('ES384', 'key-2');
      const rotated = await accessToken({ key: next });
      await refusal('key_not_found', () => verifier.verify(rotated));
      server.serve(key, next);
      clock.advance(100);
      await verifier.verify(late);
      await verifier.verify(rotated);
    });
  });

  describe('the memory', () => {
    it('keeps what is in use, and lets go of the rest', async () => {
      const { verifier } = setting({ tokenCache: { maxEntries: 3 } });
      const frequent = await accessToken();
      const token = await verifier.verify(frequent);
      const first = await accessToken({ claims: { jti: '0' } });
      const once = await verifier.verify(first);
      for (let i = 1; i < 8; i++) {
        await verifier.verify(await accessToken({ claims: { jti: String(i) } }));
        assert.equal(await verifier.verify(frequent), token);
      }
      assert.notEqual(await verifier.verify(first), once);
    });

    it('may be of one token', async () => {
      const { verifier } = setting({ tokenCache: { maxEntries: 1 } });
      const [a, b] = [await accessToken({ claims: { jti: 'a' } }), await accessToken({ claims: { jti: 'b' } })];
      for (const jwt of [a, b, a]) assert.equal(await verifier.verify(jwt), await verifier.verify(jwt));
    });
  });

  describe('whatever happens', () => {
    for (const seed of [1, 2, 3, 4]) {
      it(`the verdict is that of a verifier without memory (seed ${seed})`, async () => compareWithout(seed));
    }
  });

  /** Lets chance decide what happens to two verifiers, one of which has no memory. */
  async function compareWithout(seed: number): Promise<void> {
    const random = randomNumbers(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const keys = [await makeKey('ES256', 'a'), await makeKey('ES256', 'b')] as [SigningKey, SigningKey];
    const server = new KeyServer();
    server.serve(...keys);
    const clock = new Clock();
    const options = {
      endpoint: ENDPOINT,
      audience: AUDIENCE,
      permissionModel: 'organization-resource',
      clock: clock.now,
      fetch: server.fetch,
      impliedScopes: { 'admin:all': ['read:posts'] },
      maxTokenAge: 4000,
      keyRefresh: { ttl: 300, staleFor: 900, minBackoff: 1, maxBackoff: 30 },
    } as const;
    const caching = createVerifier({ ...options, tokenCache: { maxEntries: 4 } });
    const plain = createVerifier({ ...options, tokenCache: false });

    const tokens: string[] = [];
    for (let i = 0; i < 8; i++) {
      const claims = {
        jti: String(i),
        organization_id: pick(['org1', 'org2']),
        iat: pick([NOW - 100, NOW, NOW + 200, undefined]),
        nbf: pick([undefined, NOW, NOW + 300]),
        exp: NOW + pick([50, 400, 1000, 5000]),
        scope: pick(['read:posts', 'admin:all', 'read:posts write:posts', '']),
      };
      tokens.push(await accessToken({ key: pick(keys), claims }));
    }
    const list = ['read:posts'];
    const scopes = ['read:posts', 'write:posts', list, anyOf('x', 'write:posts'), ['read:posts', 'write:posts']];
    const events: (() => void)[] = [
      () => clock.advance(random() * 20),
      () => clock.advance(random() * 400),
      () => clock.advance(-random() * 200),
      () => clock.advance(NOW + pick([50, 400, 1000, 5000]) - clock.ms / 1000 + pick([-5, 4, 5, 6])),
      () => server.serve(...keys),
      () => server.serve(keys[0]),
      () => server.serve(keys[1]),
      () => server.fail(),
      () => void list.splice(0, 1, pick(['read:posts', 'write:posts', 'x'])),
    ];
    let hits = 0;
    const seen = new WeakSet<AccessToken>();
    for (let i = 0; i < 150; i++) {
      if (random() < 0.3) pick(events)();
      const jwt = pick(tokens);
      const organization = pick(['org1', 'org1', 'org2']);
      const requirement = random() < 0.5 ? { organization } : { organization, scopes: pick(scopes) };
      const [cached, full] = await Promise.all([
        verdict(() => caching.verify(again(jwt), requirement)),
        verdict(() => plain.verify(jwt, requirement)),
      ]);
      assert.deepEqual(summary(cached), summary(full), `event ${i}`);
      if (typeof cached === 'object') {
        if (seen.has(cached)) hits++;
        seen.add(cached);
      }
      // Background refreshes arrive at both before the next event.
      for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(hits > 0, 'nothing was ever remembered');
  }
});

async function verdict(action: () => Promise<AccessToken>): Promise<AccessToken | ErrorCode> {
  try {
    return await action();
  } catch (error) {
    assert.ok(error instanceof ScopegateError);
    return error.code;
  }
}

function summary(outcome: AccessToken | ErrorCode): unknown {
  return typeof outcome === 'string' ? outcome : { ...outcome, scopes: [...outcome.scopes] };
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('remembered tokens', () => {
  const setting = () => {
    const fragile = new Fragile();
    const clock = new Clock().now;
    const options = { endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock, tokenCache: { maxEntries: 2 } } as const;
    return { fragile, verifier: fragile.bound.createVerifier(options) };
  };

  it('cost the core one question, and leave it when they make room', async () => {
    const { fragile, verifier } = setting();
    const jwt = await accessToken();
    for (let i = 0; i < 10; i++) await verifier.verify(again(jwt));
    assert.deepEqual([fragile.calls('core_verify'), fragile.calls('core_still_accepts')], [1, 9]);
    for (let i = 0; i < 9; i++) await verifier.verify(await accessToken({ claims: { jti: String(i) } }));
    assert.deepEqual([fragile.calls('core_remember'), fragile.calls('core_forget')], [10, 8]);
  });

  it('are gone after a trap', async () => {
    const { fragile, verifier } = setting();
    const [a, b, c] = [await accessToken(), await accessToken(), await accessToken()];
    for (const [broken, jwt] of [
      ['core_still_accepts', a],
      ['core_verify', c],
      ['core_remember', c],
      ['core_forget', c],
    ] as const) {
      const token = await verifier.verify(a);
      await verifier.verify(b);
      fragile.broken.add(broken);
      await refusal('internal', () => verifier.verify(jwt));
      fragile.broken.clear();
      await verifier.verify(b);
      const renewed = await verifier.verify(a);
      assert.notEqual(renewed, token, broken);
      assert.equal(verifier.verifySync(a), renewed, broken);
    }
  });

  it('are gone after a trap of another verifier', async () => {
    const { fragile, verifier } = setting();
    const jwt = await accessToken();
    const token = await verifier.verify(jwt);
    const other = fragile.bound.createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks });
    fragile.broken.add('core_preload');
    await refusal('internal', () => other.preload());
    fragile.broken.clear();
    assert.notEqual(await verifier.verify(jwt), token);
    assert.equal(fragile.instances, 2);
  });

  it('take their slots with them, also when a slot is used again', async () => {
    const { verifier } = setting();
    const reader = await accessToken({ claims: { scope: 'read:posts' } });
    const admin = await accessToken({ claims: { scope: 'admin:all' } });
    await verifier.verify(reader);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) await verifier.verify(await accessToken({ claims: { jti: `${i}${j}` } }));
      await verifier.verify(admin, { scopes: 'admin:all' });
      await refusal('scope_insufficient', () => verifier.verify(reader, { scopes: 'admin:all' }));
      assert.equal((await verifier.verify(await signText(claimsOf(reader)))).scopes.has('admin:all'), false);
    }
  });
});

function claimsOf(jwt: string): string {
  return Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString();
}
