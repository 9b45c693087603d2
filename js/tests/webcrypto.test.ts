import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScopegateError } from 'scopegate';
import { createVerifier, type Verifier, verifySignature } from 'scopegate/webcrypto';
import { Fragile } from './support/fragile.ts';
import { refusal } from './support/refusal.ts';
import { AUDIENCE, accessToken, Clock, ENDPOINT, jwks, KeyServer, key, makeKey } from './support/tenant.ts';

const clock = new Clock().now;
const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock } as const;

/** A token whose signature is another one. */
function resigned(jwt: string, signature: Uint8Array): string {
  return `${jwt.slice(0, jwt.lastIndexOf('.'))}.${Buffer.from(signature).toString('base64url')}`;
}

/** What the host says when something goes wrong. */
const failing = (name: string) => async (): Promise<never> => {
  throw new DOMException('it went wrong', name);
};

describe('signatures that the host checks', () => {
  it('leave no verifySync', async () => {
    const verifier = createVerifier({ ...options, jwks });
    const jwt = await accessToken();
    await verifier.verify(jwt);
    const { verifySync } = verifier as unknown as { verifySync(jwt: string): unknown };
    for (const given of [jwt, 'x', '']) await refusal('config_invalid', () => verifySync.call(verifier, given));
  });

  it('take one import of the key', async (test) => {
    const signer = await makeKey('ES384', 'key-once');
    const importKey = test.mock.method(crypto.subtle, 'importKey');
    const make = (): Verifier => createVerifier({ ...options, jwks: { keys: [signer.jwk] }, tokenCache: false });
    const verifier = make();
    for (let i = 0; i < 5; i++) await verifier.verify(await accessToken({ key: signer }));
    await make().verify(await accessToken({ key: signer }));
    assert.equal(importKey.mock.callCount(), 1);
  });

  it('are judged one by one, however many there are at a time', async () => {
    const verifier = createVerifier({ ...options, jwks, tokenCache: { maxEntries: 5 } });
    const jwts = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const jwt = await accessToken({ claims: { jti: String(i), sub: `user${i}` } });
        const other = await accessToken({ claims: { jti: `${i}x` } });
        return i % 3 === 0 ? jwt : resigned(jwt, Buffer.from(other.split('.')[2] ?? '', 'base64url'));
      }),
    );
    for (let round = 0; round < 3; round++) {
      const outcomes = await Promise.allSettled(jwts.map((jwt) => verifier.verify(jwt)));
      for (const [i, outcome] of outcomes.entries()) {
        assert.equal(outcome.status, i % 3 === 0 ? 'fulfilled' : 'rejected');
        if (outcome.status === 'fulfilled') assert.equal(outcome.value.subject, `user${i}`);
        else assert.equal(outcome.reason.code, 'signature_invalid');
      }
    }
  });

  it('are checked again if the key changed meanwhile', async (test) => {
    const server = new KeyServer();
    const turning = new Clock();
    const verifier = createVerifier({ ...options, clock: turning.now, fetch: server.fetch });
    const jwt = await accessToken();
    await verifier.preload();
    const impostor = await makeKey('ES384', key.kid);
    const { verify } = crypto.subtle;
    let rotated = false;
    const checks = test.mock.method(crypto.subtle, 'verify', async (...parameters: Parameters<typeof verify>) => {
      const valid = await verify.apply(crypto.subtle, parameters);
      if (rotated) return valid;
      rotated = true;
      server.serve(impostor);
      turning.advance(601);
      await verifier.preload();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return valid;
    });
    await refusal('signature_invalid', () => verifier.verify(jwt));
    assert.equal(checks.mock.callCount(), 2);
  });

  it('never reach a host that might be lax about their form', async (test) => {
    const verifier = createVerifier({ ...options, jwks });
    const checks = test.mock.method(crypto.subtle, 'verify', async () => true);
    const jwt = await accessToken();
    const one = Buffer.concat([Buffer.alloc(47), Buffer.from([1])]);
    for (const signature of [
      Buffer.alloc(96),
      Buffer.alloc(96, 0xff),
      Buffer.concat([one, Buffer.alloc(48)]),
      Buffer.concat([Buffer.alloc(48), one]),
      Buffer.alloc(95, 1),
      Buffer.alloc(97, 1),
      Buffer.alloc(0),
    ]) {
      await refusal('signature_invalid', () => verifier.verify(resigned(jwt, signature)));
      await refusal('signature_invalid', () => verifySignature(resigned(jwt, signature), jwks));
      assert.equal((await verifier.explain(resigned(jwt, signature))).code, 'signature_invalid');
    }
    assert.equal(checks.mock.callCount(), 0);
  });

  it('are no reason to blame the token when the host fails', async (test) => {
    const jwt = await accessToken();
    const verifier = createVerifier({ ...options, jwks });
    const attempts = [() => verifier.verify(jwt), () => verifier.explain(jwt), () => verifySignature(jwt, jwks)];
    const checks = test.mock.method(crypto.subtle, 'verify', failing('OperationError'));
    for (const attempt of attempts) {
      const error = await refusal('internal', attempt);
      assert.equal((error.cause as Error).message, 'it went wrong');
    }
    checks.mock.restore();

    const signer = await makeKey('ES384', 'key-unsupported');
    const own = { keys: [signer.jwk] };
    const signed = await accessToken({ key: signer });
    const imports = test.mock.method(crypto.subtle, 'importKey', failing('NotSupportedError'));
    await refusal('internal', () => createVerifier({ ...options, jwks: own }).verify(signed));
    for (const name of ['DataError', 'OperationError']) {
      imports.mock.mockImplementation(failing(name));
      await refusal('key_mismatch', () => createVerifier({ ...options, jwks: own }).verify(signed));
      await refusal('key_mismatch', () => verifySignature(signed, own));
      assert.equal((await createVerifier({ ...options, jwks: own }).explain(signed)).code, 'key_mismatch');
    }
    imports.mock.restore();
    await createVerifier({ ...options, jwks: own }).verify(signed);
  });

  it('survive a trap', async () => {
    const fragile = new Fragile();
    const verifier = fragile.boundToWebCrypto.createVerifier({ ...options, jwks });
    const jwt = await accessToken();
    fragile.broken.add('core_signature_checked');
    await refusal('internal', () => verifier.verify(jwt));
    fragile.broken.clear();
    const token = await verifier.verify(jwt);
    assert.equal(await verifier.verify(jwt), token);
  });

  it('are never mentioned', async (test) => {
    const verifier = createVerifier({ ...options, jwks });
    const jwt = await accessToken();
    test.mock.method(crypto.subtle, 'verify', failing('OperationError'));
    await assert.rejects(verifier.verify(jwt), (error: ScopegateError) => {
      const said = JSON.stringify({ ...error, message: error.message, stack: error.stack, cause: String(error.cause) });
      return error instanceof ScopegateError && jwt.split('.').every((part) => !said.includes(part));
    });
  });
});
