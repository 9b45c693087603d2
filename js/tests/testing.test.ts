import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { calculateJwkThumbprint, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { createTestTenant, type TokenKind } from 'scopegate/testing';
import { onEveryBuild } from './support/builds.ts';
import { documentAt } from './support/docs.ts';
import { ask } from './support/http.ts';
import { refusal } from './support/refusal.ts';
import { scratch } from './support/scratch.ts';

const { codeAfter, tableAfter } = documentAt('docs/testing.md');

/** Each kind, and the code that the document promises; empty when it is accepted. */
const kinds = tableAfter('kinds').map(([kind = '', , code = '']) => {
  return [kind.slice(1, -1) as TokenKind, code.slice(1, -1)] as const;
});

onEveryBuild(({ createVerifier, verifyIdToken }) => {
  describe('a test tenant', () => {
    for (const algorithm of ['ES384', 'RS256'] as const) {
      it(`mints every kind of token with ${algorithm}, and each is judged as documented`, async () => {
        const tenant = await createTestTenant({ algorithm });
        assert.equal(kinds.length, 17);
        for (const [kind, code] of kinds) {
          const verifier = createVerifier({ ...tenant.options, audience: tenant.audience });
          const jwt = await tenant.token(kind, { organization: 'org1' });
          if (code === '') assert.equal((await verifier.verify(jwt)).isMachine, kind === 'machine');
          else await refusal(code as never, () => verifier.verify(jwt));
        }
      });
    }

    it("mints tokens for each permission model, and for an application's ID token check", async () => {
      const tenant = await createTestTenant();
      const details = { organization: 'org1', scopes: ['read:posts', 'write:posts'] };
      const organization = createVerifier({ ...tenant.options, permissionModel: 'organization' });
      await organization.verify(await tenant.token('organization', details), {
        organization: 'org1',
        scopes: 'read:posts',
      });
      const resource = createVerifier({
        ...tenant.options,
        audience: tenant.audience,
        permissionModel: 'organization-resource',
      });
      const jwt = await tenant.token('organization-resource', details);
      const { organizationId } = await resource.verify(jwt, { organization: 'org1', scopes: details.scopes });
      assert.equal(organizationId, 'org1');
      const idToken = await tenant.token('id', { clientId: 'app', subject: 'user' });
      assert.equal((await verifyIdToken(idToken, { ...tenant.options, clientId: 'app' })).subject, 'user');
      for (const kind of ['organization', 'organization-resource'] as const)
        await assert.rejects(tenant.token(kind), TypeError);
      await assert.rejects(tenant.token('admin' as never), TypeError);
    });

    it('says what it is told to', async () => {
      const tenant = await createTestTenant({ audience: 'a:b', endpoint: 'https://auth.example/' });
      assert.equal(tenant.issuer, 'https://auth.example/oidc');
      const verifier = createVerifier({ ...tenant.options, audience: 'a:b' });
      const token = await verifier.verify(
        await tenant.token('resource', {
          subject: 's',
          clientId: 'c',
          expiresIn: 60,
          claims: { extra: 1, jti: undefined },
          header: { typ: 'application/at+jwt' },
        }),
      );
      assert.deepEqual([token.subject, token.clientId, token.tokenId, token.claims.extra], ['s', 'c', null, 1]);
      assert.equal(token.expiresAt - (token.issuedAt ?? 0), 60);
      await refusal('audience_mismatch', async () =>
        verifier.verify(await tenant.token('resource', { audience: 'a:b/' })),
      );
    });

    it('heeds the details, or refuses them', async () => {
      const tenant = await createTestTenant({ clock: () => 1_760_000_000_000 });
      const claimsOf = async (...parameters: Parameters<typeof tenant.token>) =>
        decodeJwt(await tenant.token(...parameters));
      assert.equal((await claimsOf('resource', { audience: undefined } as object)).aud, tenant.audience);
      const { iat = 0, exp = 0 } = await claimsOf('expired', { expiresIn: 600 });
      assert.deepEqual([exp - iat, exp], [600, 1_760_000_000 - 60]);
      const future = await claimsOf('future', { expiresIn: 600 });
      assert.deepEqual([future.iat, future.exp], [1_760_003_600, 1_760_004_200]);
      const unsigned = await tenant.token('unsigned', { claims: { extra: 1 }, header: { kid: undefined } });
      assert.deepEqual(
        [decodeJwt(unsigned).extra, decodeProtectedHeader(unsigned)],
        [1, { alg: 'none', typ: 'at+jwt' }],
      );
      for (const [kind, details] of [
        ['wrong-audience', { audience: 'a:b' }],
        ['organization', { audience: 'a:b', organization: 'org1' }],
        ['id', { audience: 'a:b' }],
        ['id', { scopes: ['a'] }],
        ['logout', { expiresIn: 60 }],
      ] as const) {
        await assert.rejects(tenant.token(kind, details), TypeError);
      }
    });

    it('lives at the time of its clock', async () => {
      let ms = 1_760_000_000_000;
      const tenant = await createTestTenant({ clock: () => ms });
      const verifier = createVerifier({ ...tenant.options, audience: tenant.audience });
      const jwt = await tenant.token();
      assert.equal((await verifier.verify(jwt)).issuedAt, 1_760_000_000);
      ms += 3_606_000;
      await refusal('token_expired', () => verifier.verify(jwt));
    });

    it('rotates keys, counts fetches, and goes down', async () => {
      const tenant = await createTestTenant();
      const start = () => createVerifier({ ...tenant.options, audience: tenant.audience });
      const first = await tenant.token();
      await tenant.rotate({ algorithm: 'RS256' });
      assert.deepEqual(
        tenant.jwks.keys.map(({ kty }) => kty),
        ['RSA', 'EC'],
      );
      const verifier = start();
      await verifier.verify(first);
      await verifier.verify(await tenant.token());
      assert.equal(tenant.fetches, 1);
      await tenant.rotate({ keepPrevious: false });
      assert.equal(tenant.jwks.keys.length, 1);
      await refusal('key_not_found', () => start().verify(first));
      tenant.down = true;
      await refusal('keys_unavailable', () => start().verify(first));
    });

    it('serves its key set when it is asked to', async () => {
      const tenant = await createTestTenant({ serve: true });
      assert.match(tenant.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
      const verifier = createVerifier({ endpoint: tenant.endpoint, audience: tenant.audience });
      await verifier.verify(await tenant.token());
      const discovery = JSON.parse((await ask(`${tenant.issuer}/.well-known/openid-configuration`)).body);
      assert.deepEqual([discovery.issuer, discovery.jwks_uri], [tenant.issuer, tenant.jwksUri]);
      assert.equal((await ask(`${tenant.endpoint}/elsewhere`)).status, 404);
      tenant.down = true;
      assert.equal((await ask(tenant.jwksUri)).status, 503);
      await tenant.close();
      await assert.rejects(ask(tenant.jwksUri));
    });
  });
});

describe('a test tenant', () => {
  it('makes keys and tokens as another library knows them', async () => {
    for (const algorithm of ['ES384', 'RS256'] as const) {
      const { jwks, audience, issuer, ...tenant } = await shape(algorithm);
      const [jwk = {}] = jwks.keys;
      assert.equal(jwk.kid, await calculateJwkThumbprint(jwk as JWK));
      assert.equal(jwk.alg, algorithm === 'RS256' ? undefined : algorithm);
      assert.deepEqual(decodeProtectedHeader(tenant.jwt), { alg: algorithm, typ: 'at+jwt', kid: jwk.kid });
      await jwtVerify(tenant.jwt, createLocalJWKSet({ keys: [jwk as JWK] }), { audience, issuer, typ: 'at+jwt' });
      const claims = ['jti', 'sub', 'iat', 'exp', 'scope', 'client_id', 'iss', 'aud'];
      assert.deepEqual(Object.keys(decodeJwt(tenant.jwt)), claims);
    }
  });

  async function shape(algorithm: 'ES384' | 'RS256') {
    const tenant = await createTestTenant({ algorithm });
    return { jwks: tenant.jwks, audience: tenant.audience, issuer: tenant.issuer, jwt: await tenant.token() };
  }
});

describe('docs/testing.md', () => {
  const files = scratch('testing');
  after(() => files.remove());

  const program = (name: string, path: string): string => {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return fileURLToPath(new URL(path, `file://${manifest}`));
  };
  /** Runs a test runner in the directory of the files, free of this one. */
  const run = (...command: string[]): string => {
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
    const options = { cwd: files.path, encoding: 'utf8', env: { ...env, NO_COLOR: '1', CI: 'true' } } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
    assert.equal(status, 0, stdout + stderr);
    return stdout + stderr;
  };

  it('shows tests for node:test', () => {
    files.write('api.test.ts', codeAfter('test'));
    assert.match(run('--import', 'tsx', '--test', '--test-reporter=tap', 'api.test.ts'), /^# pass 4$/m);
  });

  it('shows tests for Vitest', () => {
    files.write('vitest.test.ts', codeAfter('vitest'));
    assert.match(run(program('vitest', 'vitest.mjs'), 'run', '--root', '.', 'vitest.test.ts'), /Tests +1 passed \(1\)/);
  });

  it('shows tests for Jest', () => {
    files.write('jest.test.cjs', codeAfter('jest'));
    const config = JSON.stringify({ testMatch: ['**/jest.test.cjs'], testPathIgnorePatterns: [], rootDir: files.path });
    assert.match(
      run(program('jest', 'bin/jest.js'), '--config', config, '--watchman=false'),
      /Tests: +1 passed, 1 total/,
    );
  });
});
