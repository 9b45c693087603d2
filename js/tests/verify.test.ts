import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allOf, anyOf, ScopegateError } from 'scopegate';
import { onEveryBuild } from './support/builds.ts';
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
  START,
  signText,
} from './support/tenant.ts';

onEveryBuild(({ createVerifier, sync }) => {
  const clock = new Clock().now;
  const verifier = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock });

  describe('verify', () => {
    it('gives the token of a user', async () => {
      const token = await verifier.verify(await accessToken(), { scopes: 'read:posts' });
      assert.equal(token.subject, 'w2k7dq3hz9ab');
      assert.equal(token.clientId, CLIENT);
      assert.equal(token.isMachine, false);
      assert.deepEqual([...token.scopes], ['read:posts', 'write:posts']);
      assert.equal(token.organizationId, null);
      assert.equal(token.actor, null);
      assert.equal(token.issuer, ISSUER);
      assert.deepEqual(token.audience, [AUDIENCE]);
      assert.equal(token.expiresAt, START / 1000 + 3600);
      assert.equal(token.issuedAt, START / 1000);
      assert.equal(token.tokenId, 'Y2k1xTgUqf0oO3m8dLw7a');
      assert.equal(token.claims.jti, token.tokenId);
    });

    it('gives the token of a machine, and who acts for whom', async () => {
      const machine = await verifier.verify(await accessToken({ claims: { sub: CLIENT, scope: undefined } }));
      assert.equal(machine.isMachine, true);
      assert.equal(machine.scopes.size, 0);
      const acted = await verifier.verify(await accessToken({ claims: { act: { sub: 'support00001' } } }));
      assert.equal(acted.actor?.sub, 'support00001');
    });

    if (sync)
      it('says the same without waiting', async () => {
        const jwt = await accessToken();
        assert.deepEqual(verifier.verifySync(jwt).claims, (await verifier.verify(jwt)).claims);
        const late = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: () => START + 4_000_000 });
        await refusal('token_expired', () => late.verifySync(jwt));
      });

    it('refuses what is no string', async () => {
      for (const bad of [undefined, null, 1, {}, ['a.b.c'], new String('a.b.c')]) {
        await refusal('token_malformed', () => verifier.verify(bad as string));
        if (sync) await refusal('token_malformed', () => verifier.verifySync(bad as string));
        assert.equal((await verifier.explain(bad as string)).verdict, 'refused');
      }
    });

    it('gives errors that say what HTTP needs', async () => {
      const error = await refusal('audience_mismatch', async () => {
        await verifier.verify(await accessToken({ claims: { aud: 'https://other.example' } }));
      });
      assert.equal(error.status, 401);
      assert.equal(error.oauthError, 'invalid_token');
      assert.equal(error.claim, 'aud');
      assert.equal(error.expected, AUDIENCE);
      assert.equal(error.actual, 'https://other.example');
      assert.ok(error.hint.length > 0);
      assert.equal(error.name, 'ScopegateError');
      assert.ok(error instanceof Error);
    });

    it('never mentions the token', async () => {
      const jwt = await accessToken({ claims: { exp: 1 } });
      for (const bad of [jwt, `${jwt}x`, jwt.slice(0, -4), `${jwt}.${jwt}`, await idToken(), `pat_${jwt}`]) {
        await assert.rejects(verifier.verify(bad), (error: ScopegateError) => {
          const said = JSON.stringify({ ...error, message: error.message, stack: error.stack, cause: error.cause });
          return error instanceof ScopegateError && bad.split('.').every((part) => !said.includes(part));
        });
      }
    });

    it('takes no token from the clock that has none', async () => {
      const broken = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: () => Number.NaN });
      await refusal('internal', async () => broken.verify(await accessToken()));
    });
  });

  describe('requirements', () => {
    it('are met or not', async () => {
      const jwt = await accessToken({ claims: { scope: 'a b' } });
      for (const scopes of ['a', ['a', 'b'], anyOf('x', 'a'), allOf('a', anyOf('x', ['a', 'b']))] as const) {
        await verifier.verify(jwt, { scopes });
      }
      for (const [scopes, missing] of [
        ['c', ['c']],
        [
          ['a', 'c', 'd'],
          ['c', 'd'],
        ],
        [anyOf(['a', 'c'], ['x', 'y']), ['c']],
        [allOf('c', anyOf('d', 'a')), ['c']],
      ] as const) {
        const error = await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes }));
        assert.equal(error.status, 403);
        assert.deepEqual(error.missing, missing);
      }
    });

    it('of the wrong form are refused, not ignored', async () => {
      const jwt = await accessToken();
      const self: unknown[] = [];
      self.push(self);
      const bad = [
        null,
        'read:posts',
        ['read:posts'],
        { scope: 'read:posts' },
        { scopes: undefined },
        { scopes: null },
        { scopes: 1 },
        { scopes: '' },
        { scopes: [] },
        { scopes: ['read:posts', undefined] },
        { scopes: 'read:posts write:posts' },
        { scopes: {} },
        { scopes: { anyOf: [] } },
        { scopes: self },
        { scopes: new Date(Number.NaN) },
        { scopes: { toJSON: () => null } },
        { scopes: { toJSON: () => undefined } },
        { scopes: Object.assign([], { toJSON: () => null }) },
        { organization: 'x7f2k9d0q1w3' },
        { organization: undefined },
        { organization: '' },
      ];
      for (const requirement of bad) {
        await refusal('config_invalid', () => verifier.verify(jwt, requirement as object));
        if (sync) await refusal('config_invalid', () => verifier.verifySync(jwt, requirement as object));
        await refusal('config_invalid', () => verifier.explain(jwt, requirement as object));
      }
    });

    it('may be many', async () => {
      const token = await verifier.verify(await accessToken());
      for (let i = 0; i < 1000; i++) await refusal('scope_insufficient', () => verifier.requireScopes(token, `s${i}`));
      verifier.requireScopes(token, 'read:posts');
    });

    it('is answered the same when it is asked again, of whatever scopes', async () => {
      const asked = (granted: ReadonlySet<string>, scopes: string) => {
        try {
          verifier.requireScopes({ scopes: granted }, scopes);
          return 'met';
        } catch (error) {
          return (error as ScopegateError).missing?.join(' ');
        }
      };
      for (let again = 0; again < 2; again++) {
        assert.equal(asked(new Set(['a']), 'a'), 'met');
        assert.equal(asked(new Set(['a']), 'b'), 'b');
        assert.equal(asked(new Set(['a', 'b']), 'b'), 'met');
        assert.equal(asked(new Set(), 'a'), 'a');
        assert.equal(asked(new Set(['a\n"a"']), 'b'), 'b');
        assert.equal(asked(new Set(['"a"']), 'a'), 'a');
      }
      const changing = new Set(['a']);
      assert.equal(asked(changing, 'a'), 'met');
      changing.delete('a');
      assert.equal(asked(changing, 'a'), 'a');
      // More than are remembered.
      for (let i = 0; i < 2100; i++) assert.equal(asked(new Set([`s${i % 1050}`]), `s${i % 1050}`), 'met');
      const token = await verifier.verify(await accessToken());
      for (const item of [...token.scopes]) assert.equal(asked(token.scopes, item), 'met');
      for (const text of ['read:posts', 'r']) assert.equal(asked(text as never, 'admin:all'), 'admin:all');
      assert.equal(asked(token.scopes, 'admin:all'), 'admin:all');
    });

    it('can be added to a verified token', async () => {
      const admin = createVerifier({
        endpoint: ENDPOINT,
        audience: AUDIENCE,
        jwks,
        clock,
        impliedScopes: { 'admin:all': ['delete:posts'] },
      });
      const token = await admin.verify(await accessToken({ claims: { scope: 'admin:all' } }));
      admin.requireScopes(token, 'delete:posts');
      const error = await refusal('scope_insufficient', () =>
        admin.requireScopes(token, ['delete:posts', 'write:posts']),
      );
      assert.deepEqual(error.missing, ['write:posts']);
      await refusal('config_invalid', () => admin.requireScopes(token, []));
    });
  });

  describe('permission models', () => {
    it('organization-resource: the token is confined to the organization of the request', async () => {
      const options = {
        endpoint: ENDPOINT,
        audience: AUDIENCE,
        jwks,
        clock,
        permissionModel: 'organization-resource',
      } as const;
      const organizations = createVerifier(options);
      const jwt = await accessToken({ claims: { organization_id: 'org1' } });
      assert.equal((await organizations.verify(jwt, { organization: 'org1' })).organizationId, 'org1');
      const error = await refusal('organization_mismatch', () => organizations.verify(jwt, { organization: 'org2' }));
      assert.equal(error.status, 403);
      await refusal('organization_missing', async () =>
        organizations.verify(await accessToken(), { organization: 'org1' }),
      );
      await refusal('organization_unexpected', () => verifier.verify(jwt));
      await refusal('config_invalid', () => (organizations as unknown as typeof verifier).verify(jwt));
    });

    it('organization: the audience is the organization of the request', async () => {
      const organizations = createVerifier({ endpoint: ENDPOINT, jwks, clock, permissionModel: 'organization' });
      assert.deepEqual([verifier.permissionModel, organizations.permissionModel], ['resource', 'organization']);
      const jwt = await accessToken({ claims: { aud: 'urn:logto:organization:org1' } });
      assert.equal((await organizations.verify(jwt, { organization: 'org1' })).organizationId, 'org1');
      await refusal('organization_mismatch', () => organizations.verify(jwt, { organization: 'org' }));
      await refusal('audience_mismatch', async () =>
        organizations.verify(await accessToken(), { organization: 'org1' }),
      );
    });
  });

  describe('claims', () => {
    it('are frozen all the way down', async () => {
      const token = await verifier.verify(await accessToken({ claims: { nested: { list: [{ a: 1 }] } } }));
      const nested = token.claims.nested as { list: { a: number }[] };
      assert.throws(() => Object.assign(token.claims, { sub: 'x' }), TypeError);
      assert.throws(() => nested.list.push({ a: 2 }), TypeError);
      assert.throws(() => Object.assign(nested.list[0] ?? {}, { a: 2 }), TypeError);
      assert.throws(() => Object.assign(token, { subject: 'x' }), TypeError);
      assert.equal(token.claims, token.claims);
    });

    it('have scopes that nobody can reach', async () => {
      const { scopes } = await verifier.verify(await accessToken());
      const made = scopes.constructor as unknown as Record<string, unknown>;
      for (const name of Object.getOwnPropertyNames(made)) {
        const member = made[name];
        if (typeof member === 'function') assert.notEqual(typeof Reflect.apply(member, made, [scopes]), 'object', name);
      }
      assert.ok(!scopes.has('admin:all'));
    });

    it('may be written over several lines', async () => {
      const { iss, aud, exp } = { iss: ISSUER, aud: AUDIENCE, exp: START / 1000 + 60 };
      const claims = { sub: 'u', client_id: 'c', iss, aud, exp, act: { sub: 'x', more: { a: [1] } }, kept: 'yes\n' };
      const token = await verifier.verify(await signText(JSON.stringify(claims, null, 2).replaceAll('\n', '\r\n')));
      assert.deepEqual(token.actor, claims.act);
      assert.deepEqual(token.claims, claims);
    });

    it('cannot reach a prototype', async () => {
      const payload = (extra: string): string =>
        `{"sub":"u","client_id":"c","iss":"${ISSUER}","aud":"${AUDIENCE}","exp":${START / 1000 + 60},${extra}}`;
      const hazards = [
        '"__proto__":{"admin":true}',
        '"constructor":{"prototype":{"admin":true}}',
        '"a":[{"__proto__":{"admin":true}}]',
        '"\\u005f_proto__":{"admin":true}',
        '"act":{"sub":"x","__proto__":{"admin":true}}',
      ];
      for (const hazard of hazards) {
        const { claims, actor } = await verifier.verify(await signText(payload(`${hazard},"kept":"yes"`)));
        assert.equal(claims.kept, 'yes');
        assert.equal(claims.admin, undefined);
        const seen = JSON.stringify([claims, actor]);
        assert.ok(!/__proto__|constructor|prototype|admin/.test(seen), seen);
        assert.equal(Object.getPrototypeOf(claims), Object.prototype);
        assert.equal(Object.assign({}, claims, actor as object).admin, undefined);
      }
      assert.equal(({} as Record<string, unknown>).admin, undefined);
    });
  });

  describe('explain', () => {
    it('reports every step', async () => {
      const good = await verifier.explain(await accessToken(), { scopes: 'read:posts' });
      assert.equal(good.verdict, 'accepted');
      assert.equal(good.code, null);
      assert.ok(good.steps.every(({ status }) => status === 'pass'));
      assert.equal(good.unverifiedClaims?.sub, 'w2k7dq3hz9ab');
      assert.equal(good.unverifiedHeader?.alg, 'ES384');
    });

    it('goes on after the first failure, and gives the code of verify', async () => {
      const jwt = await accessToken({ claims: { aud: 'https://other.example', exp: 1, iat: 0 } });
      const report = await verifier.explain(jwt);
      const { code } = await refusal('audience_mismatch', () => verifier.verify(jwt));
      assert.equal(report.code, code);
      const failed = report.steps.filter(({ status }) => status === 'fail').map(({ step }) => step);
      assert.deepEqual(failed, ['audience', 'time']);
    });

    it('never throws on a bad token', async () => {
      for (const bad of [
        '',
        '.',
        '..',
        'a.b.c',
        'e30.bm8.',
        'x'.repeat(100_000),
        '{}',
        `${await accessToken()}.`,
        'pat_abc',
      ]) {
        const report = await verifier.explain(bad);
        assert.equal(report.verdict, 'refused');
        assert.ok(!JSON.stringify(report).includes('x'.repeat(1000)));
      }
    });
  });
});
