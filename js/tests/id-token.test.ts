import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IdTokenOptions } from 'scopegate';
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
  KeyServer,
  START,
} from './support/tenant.ts';

onEveryBuild(({ verifyIdToken }) => {
  const clock = new Clock().now;
  const options = { endpoint: ENDPOINT, clientId: CLIENT, jwks, clock };

  describe('verifyIdToken', () => {
    it('gives who signed in', async () => {
      const token = await verifyIdToken(await idToken({ name: 'Ann', roles: ['editor'] }), options);
      assert.equal(token.subject, 'w2k7dq3hz9ab');
      assert.equal(token.clientId, CLIENT);
      assert.equal(token.issuer, ISSUER);
      assert.deepEqual(token.audience, [CLIENT]);
      assert.equal(token.expiresAt, START / 1000 + 3600);
      assert.deepEqual(token.claims.roles, ['editor']);
      assert.ok(!('scopes' in token));
    });

    it('takes the typ of older Logto versions', async () => {
      await verifyIdToken(await idToken({}, 'JWT'), options);
    });

    it('refuses access tokens and other applications', async () => {
      await refusal('token_type_mismatch', async () =>
        verifyIdToken(await accessToken({ claims: { aud: CLIENT } }), options),
      );
      await refusal('audience_mismatch', async () => verifyIdToken(await idToken({ aud: AUDIENCE }), options));
      await refusal('token_expired', async () => verifyIdToken(await idToken({ exp: START / 1000 - 60 }), options));
      await refusal('token_malformed', () => verifyIdToken(undefined as unknown as string, options));
    });

    it('compares the nonce', async () => {
      const jwt = await idToken({ nonce: 'n-0S6_WzA2Mj' });
      await verifyIdToken(jwt, { ...options, nonce: 'n-0S6_WzA2Mj' });
      const error = await refusal('claim_invalid', () => verifyIdToken(jwt, { ...options, nonce: 'another' }));
      assert.equal(error.claim, 'nonce');
      await refusal('claim_missing', async () => verifyIdToken(await idToken(), { ...options, nonce: 'n-0S6_WzA2Mj' }));
    });

    it('fetches the keys once for all nonces', async () => {
      const server = new KeyServer();
      const remote = { endpoint: ENDPOINT, clientId: CLIENT, clock, fetch: server.fetch };
      for (const nonce of ['a', 'b', 'c']) await verifyIdToken(await idToken({ nonce }), { ...remote, nonce });
      await verifyIdToken(await idToken(), remote);
      assert.equal(server.requests.length, 1);
      await verifyIdToken(await idToken(), { ...remote, clockTolerance: 7 });
      assert.equal(server.requests.length, 2);
    });

    it('does not mix up those who fetch in different ways', async () => {
      const [one, two] = [new KeyServer(), new KeyServer()];
      const jwt = await idToken();
      for (const { fetch } of [one, two, one])
        await verifyIdToken(jwt, { endpoint: ENDPOINT, clientId: CLIENT, clock, fetch });
      assert.deepEqual([one.requests.length, two.requests.length], [1, 1]);
    });

    it('keeps a bounded number of key sets', async () => {
      const server = new KeyServer();
      const jwt = await idToken();
      const remote = { endpoint: ENDPOINT, clientId: CLIENT, clock, fetch: server.fetch };
      await verifyIdToken(jwt, remote);
      for (let i = 0; i < 40; i++) {
        await refusal('audience_mismatch', () => verifyIdToken(jwt, { ...remote, clientId: `app${i}` }));
      }
      await verifyIdToken(jwt, remote);
      assert.equal(server.requests.length, 42);
    });

    it('refuses options that are missing or meant for access tokens', async () => {
      const bad = [
        undefined,
        {},
        { endpoint: ENDPOINT },
        { ...options, clientId: undefined },
        { ...options, clientId: '' },
        { ...options, nonce: undefined },
        { ...options, nonce: '' },
        { ...options, audience: AUDIENCE },
        { ...options, permissionModel: 'resource' },
        { ...options, typ: null },
      ];
      for (const wrong of bad)
        await refusal('config_invalid', () => verifyIdToken('', wrong as unknown as IdTokenOptions));
    });
  });
});
