import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onEveryBuild } from './support/builds.ts';
import { refusal } from './support/refusal.ts';
import { AUDIENCE, accessToken, Clock, ENDPOINT, ISSUER, idToken, jwks } from './support/tenant.ts';

const good = { endpoint: ENDPOINT, audience: AUDIENCE };

onEveryBuild(({ createVerifier, verifyIdToken }) => {
  /** As a program without types would call it. */
  const create = (options: unknown): unknown => createVerifier(options as typeof good);

  describe('options', () => {
    it('that are missing, empty, contradictory or unknown are refused at construction', async () => {
      const cases: [string, unknown][] = [
        ['none', undefined],
        ['null', null],
        ['a string', ENDPOINT],
        ['a list', [good]],
        ['no issuer', { audience: AUDIENCE }],
        ['no audience', { endpoint: ENDPOINT }],
        ['an unset audience', { ...good, audience: undefined }],
        ['an unset endpoint', { ...good, endpoint: undefined }],
        ['an empty audience', { ...good, audience: '' }],
        ['no audiences', { ...good, audience: [] }],
        ['a hole among audiences', { ...good, audience: [AUDIENCE, undefined] }],
        ['a sparse list of audiences', { ...good, audience: new Array(2) }],
        ['endpoint and issuer', { ...good, issuer: ISSUER }],
        ['unset clientIds', { ...good, clientIds: undefined }],
        ['null clientIds', { ...good, clientIds: null }],
        ['unset typ', { ...good, typ: undefined }],
        ['unset actor', { ...good, actor: undefined }],
        ['NaN as tolerance', { ...good, clockTolerance: Number.NaN }],
        ['endless tolerance', { ...good, clockTolerance: Number.POSITIVE_INFINITY }],
        ['negative tolerance', { ...good, clockTolerance: -1 }],
        ['HS256', { ...good, algorithms: ['HS256'] }],
        ['none', { ...good, algorithms: ['none'] }],
        ['no algorithms', { ...good, algorithms: [] }],
        ['an unknown option', { ...good, audiences: [AUDIENCE] }],
        ['an unknown model', { ...good, permissionModel: 'global' }],
        ['an audience with the organization model', { ...good, permissionModel: 'organization' }],
        ['http', { ...good, endpoint: 'http://tenant.logto.app' }],
        ['http for keys', { ...good, jwksUri: 'http://10.0.0.1/oidc/jwks' }],
        ['a file for keys', { ...good, jwksUri: 'file:///etc/passwd' }],
        ['no URL for keys', { ...good, jwksUri: '/oidc/jwks' }],
        ['both kinds of keys', { ...good, jwks, jwksUri: `${ISSUER}/jwks` }],
        ['no keys', { ...good, jwks: { keys: [] } }],
        ['keys that are no set', { ...good, jwks: 'https://tenant.logto.app/oidc/jwks' }],
        ['a fetch that is none', { ...good, fetch: 'https://tenant.logto.app' }],
        ['an unset fetch', { ...good, fetch: undefined }],
        ['a clock that is none', { ...good, clock: 0 }],
        ['a function among the options', { ...good, clientIds: () => [] }],
        ['toString', { ...good, toString: 'x' }],
        ['ID tokens', { endpoint: ENDPOINT, tokenUse: 'id', clientId: 'app' }],
        ['access tokens', { ...good, tokenUse: 'access' }],
        ['a cache of everything', { ...good, tokenCache: true }],
        ['a cache of nothing', { ...good, tokenCache: { maxEntries: 0 } }],
        ['a cache without a size', { ...good, tokenCache: {} }],
        ['a cache of half a token', { ...good, tokenCache: { maxEntries: 0.5 } }],
        ['a cache without bounds', { ...good, tokenCache: { maxEntries: 1e9 } }],
        ['a cache of some text', { ...good, tokenCache: { maxEntries: '10' } }],
        ['a number as cache', { ...good, tokenCache: 10 }],
        ['a list as cache', { ...good, tokenCache: [] }],
        ['an unset cache', { ...good, tokenCache: undefined }],
        ['null as cache', { ...good, tokenCache: null }],
        ['a misspelt cache', { ...good, tokenCache: { maxEntries: 10, ttl: 5 } }],
      ];
      for (const [what, options] of cases) {
        const error = await refusal('config_invalid', () => create(options)).catch((cause) => {
          throw new Error(what, { cause });
        });
        assert.equal(error.status, null, what);
        assert.ok(error.hint.length > 0, what);
      }
    });

    it('on loopback may be http', () => {
      for (const host of ['localhost', '127.0.0.1', '127.8.9.10', '[::1]']) {
        create({ ...good, endpoint: `http://${host}:3001` });
      }
    });

    it('are copied: what the caller changes later changes nothing', async () => {
      const audience = [AUDIENCE];
      const verifier = createVerifier({ endpoint: ENDPOINT, audience, jwks, clock: new Clock().now });
      audience.push('https://other.example');
      await verifier.verify(await accessToken());
      await refusal('audience_mismatch', async () => {
        await verifier.verify(await accessToken({ claims: { aud: 'https://other.example' } }));
      });
    });

    it('cannot make a verifier of access tokens take ID tokens', async () => {
      const clock = new Clock().now;
      const verifier = createVerifier({ ...good, jwks, clock });
      await refusal('token_type_mismatch', async () => verifier.verify(await idToken({ aud: AUDIENCE })));
      const untyped = createVerifier({ ...good, jwks, clock, typ: null });
      await refusal('claim_missing', async () => untyped.verify(await idToken({ aud: AUDIENCE })));
      await refusal('config_invalid', () => verifyIdToken('', { ...good, clientId: 'x' } as never));
      await refusal('config_invalid', () =>
        verifyIdToken('', { endpoint: ENDPOINT, clientId: 'x', tokenCache: false } as never),
      );
    });

    it('name several issuers over one key set', async () => {
      const issuer = [ISSUER, 'https://auth.yourapp.com/oidc'];
      const verifier = createVerifier({ issuer, audience: AUDIENCE, jwks, clock: new Clock().now });
      for (const iss of issuer)
        assert.equal((await verifier.verify(await accessToken({ claims: { iss } }))).issuer, iss);
      await refusal('issuer_mismatch', async () =>
        verifier.verify(await accessToken({ claims: { iss: `${ISSUER}/` } })),
      );
    });
  });
});
