import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CompactSign } from 'jose';
import { onEveryBuild } from './support/builds.ts';
import { refusal } from './support/refusal.ts';
import { accessToken, jwks, key, makeKey } from './support/tenant.ts';

const algorithms = ['ES384'];

async function sign(payload: Uint8Array, header: Record<string, unknown> = {}, signer = key): Promise<string> {
  const protectedHeader = { alg: signer.alg, kid: signer.kid, ...header };
  return new CompactSign(payload).setProtectedHeader(protectedHeader).sign(signer.privateKey);
}

onEveryBuild(({ verifySignature }) => {
  describe('verifySignature', () => {
    it('gives header and payload, byte for byte', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      const { header, payload } = await verifySignature(await sign(bytes), jwks, { algorithms });
      assert.deepEqual(payload, bytes);
      assert.deepEqual(header, { alg: 'ES384', kid: key.kid });
      assert.equal((await verifySignature(await sign(new Uint8Array()), jwks, { algorithms })).payload.length, 0);
    });

    it('knows nothing of claims', async () => {
      const { payload } = await verifySignature(await accessToken({ typ: 'x', claims: { exp: 1 } }), jwks, {
        algorithms,
      });
      assert.equal(JSON.parse(Buffer.from(payload).toString()).exp, 1);
    });

    it('takes every algorithm that is allowed, and no other', async () => {
      for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'Ed25519']) {
        const signer = await makeKey(alg, alg);
        const name = alg === 'Ed25519' ? 'EdDSA' : alg;
        const jwt = await sign(new Uint8Array(3), { alg: name }, { ...signer, alg: name });
        const { alg: _, ...jwk } = signer.jwk;
        await verifySignature(jwt, { keys: [jwk] }, { algorithms: [name] });
        await refusal('algorithm_not_allowed', () => verifySignature(jwt, { keys: [jwk] }, { algorithms: ['RS512'] }));
      }
    });

    it('refuses what was changed, and other keys', async () => {
      const jwt = await sign(new Uint8Array(10));
      const [header, payload, signature = ''] = jwt.split('.');
      const other = await makeKey('ES384', 'key-1');
      await refusal('signature_invalid', () =>
        verifySignature(`${header}.${payload}AAAA.${signature}`, jwks, { algorithms }),
      );
      await refusal('signature_invalid', () => verifySignature(jwt, { keys: [other.jwk] }, { algorithms }));
      const stranger = { keys: [{ ...key.jwk, kid: 'x' }] };
      await refusal('key_not_found', () => verifySignature(jwt, stranger, { algorithms }));
      for (const bad of ['', 'a.b.c', `${jwt}=`, ` ${jwt}`, 1 as unknown as string]) {
        await refusal('token_malformed', () => verifySignature(bad, jwks, { algorithms }));
      }
    });

    it('refuses algorithms and keys that are none', async () => {
      const jwt = await sign(new Uint8Array(10));
      await verifySignature(jwt, jwks);
      for (const bad of [
        { alg: 'ES384' },
        { algorithms: undefined },
        { algorithms: null },
        { algorithms: 'ES384' },
        { algorithms: [] },
        { algorithms: ['HS256'] },
      ]) {
        await refusal('config_invalid', () => verifySignature(jwt, jwks, bad as { algorithms: string[] }));
      }
      for (const bad of [undefined, null, {}, { keys: {} }, 'https://tenant.logto.app/oidc/jwks']) {
        await refusal('config_invalid', () => verifySignature(jwt, bad as { keys: object[] }, { algorithms }));
      }
    });
  });
});
