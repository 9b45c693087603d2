/** The test keys of keys.json: private ones for signing, public ones as JWKs, and the named key sets. */
import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Jwk = JsonWebKey & Record<string, unknown>;

const PRIVATE = JSON.parse(readFileSync(new URL('../keys.json', import.meta.url), 'utf8')) as Record<string, Jwk>;

export function privateJwk(name: string): Jwk {
  const jwk = PRIVATE[name];
  if (jwk === undefined) throw new Error(`keys.json has no key ${name}`);
  return jwk;
}

export function privateKey(name: string): KeyObject {
  return createPrivateKey({ key: privateJwk(name), format: 'jwk' });
}

/** The members of a public key, without `kid`, `use` and `alg`. */
export function bareJwk(name: string): Jwk {
  return createPublicKey(privateKey(name)).export({ format: 'jwk' }) as Jwk;
}

/** RFC 7638: what Logto uses as `kid`. */
export function thumbprint(name: string): string {
  const { crv, e, kty, n, x, y } = bareJwk(name);
  const members = kty === 'RSA' ? { e, kty, n } : kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

const ALG_OF_CURVE: Record<string, string> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', Ed25519: 'EdDSA' };

/** A public key as Logto publishes it: `use` and `kid` always, `alg` unless it is an RSA key. */
export function jwk(name: string, changes: Record<string, unknown> = {}): Jwk {
  const bare = bareJwk(name);
  const alg = bare.crv === undefined ? undefined : ALG_OF_CURVE[bare.crv];
  const full = { kty: bare.kty, use: 'sig', kid: thumbprint(name), ...(alg && { alg }), ...bare, ...changes };
  return Object.fromEntries(Object.entries(full).filter(([, value]) => value !== undefined)) as Jwk;
}

/** The named key sets that the cases refer to. */
export const KEY_SETS: Record<string, { keys: Jwk[] }> = {
  // A tenant after a rotation: the EC default beside an RSA key.
  tenant: { keys: [jwk('ec384'), jwk('rsa2048')] },
  ec384: { keys: [jwk('ec384')] },
  rsa2048: { keys: [jwk('rsa2048')] },
  all: {
    keys: ['ec256', 'ec384', 'ec521', 'rsa2048', 'rsa2048e3', 'rsa3072', 'rsa4096', 'rsa8192', 'ed25519'].map((name) =>
      jwk(name),
    ),
  },
};
