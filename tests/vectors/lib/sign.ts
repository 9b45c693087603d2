/**
 * Signatures that come out the same each time. ECDSA nonces and PSS salts are derived from the key and the message,
 * so that the generator can be run again and checked; every signature is verified by node:crypto afterwards. Nothing
 * here runs in constant time: the keys are public.
 */
import { constants, createECDH, createHash, createPublicKey, privateEncrypt, sign, verify } from 'node:crypto';
import { privateJwk, privateKey } from './keys.ts';

interface Curve {
  readonly openssl: string;
  readonly order: bigint;
  readonly bytes: number;
}

const CURVES: Record<string, Curve> = {
  'P-256': {
    openssl: 'prime256v1',
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    bytes: 32,
  },
  'P-384': {
    openssl: 'secp384r1',
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    bytes: 48,
  },
  'P-521': {
    openssl: 'secp521r1',
    order:
      0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    bytes: 66,
  },
};

export function curveOf(key: string): Curve {
  const curve = CURVES[String(privateJwk(key).crv)];
  if (curve === undefined) throw new Error(`${key} has no NIST curve`);
  return curve;
}

export const toInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);

export function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

const hashOf = (alg: string): string => `sha${alg.slice(2)}`;

function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let power = base % modulus, bits = exponent; bits > 0n; bits >>= 1n, power = (power * power) % modulus)
    if (bits & 1n) result = (result * power) % modulus;
  return result;
}

/** r ‖ s over the hash `hash`, by whatever key: also for algorithms that the key is not meant for. */
export function ecdsa(key: string, hash: string, message: Buffer): Buffer {
  const { openssl, order, bytes } = curveOf(key);
  const secret = Buffer.from(String(privateJwk(key).d), 'base64url');
  const digest = createHash(hash).update(message).digest();
  // FIPS 186-5 §6.4.1: the leftmost bits of the hash, as many as the order has.
  const excess = BigInt(Math.max(0, digest.length * 8 - order.toString(2).length));
  const wide = createHash('shake256', { outputLength: bytes + 16 })
    .update(secret)
    .update(hash)
    .update(message)
    .digest();
  const nonce = (toInt(wide) % (order - 1n)) + 1n;
  const ecdh = createECDH(openssl);
  ecdh.setPrivateKey(toBytes(nonce, bytes));
  const r = toInt(ecdh.getPublicKey().subarray(1, 1 + bytes)) % order;
  const s = (modPow(nonce, order - 2n, order) * (((toInt(digest) >> excess) + r * toInt(secret)) % order)) % order;
  return Buffer.concat([toBytes(r, bytes), toBytes(s, bytes)]);
}

/** The RSA private operation on a whole block. */
export function rsaRaw(key: string, block: Buffer): Buffer {
  return privateEncrypt({ key: privateKey(key), padding: constants.RSA_NO_PADDING }, block);
}

export const modulusBytes = (key: string): number => Buffer.from(String(privateJwk(key).n), 'base64url').length;

/** EMSA-PSS (RFC 8017 §9.1.1) with MGF1 over `mgfHash`, for keys whose modulus fills its bytes. */
export function pss(key: string, hash: string, message: Buffer, saltLength?: number, mgfHash = hash): Buffer {
  const length = modulusBytes(key);
  const digest = createHash(hash).update(message).digest();
  const salt = createHash('shake256', { outputLength: saltLength ?? digest.length })
    .update(digest)
    .digest();
  const h = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
  const db = Buffer.alloc(length - h.length - 1);
  db[db.length - salt.length - 1] = 1;
  salt.copy(db, db.length - salt.length);
  for (let at = 0, counter = 0; at < db.length; counter++) {
    const mask = createHash(mgfHash)
      .update(h)
      .update(toBytes(BigInt(counter), 4))
      .digest();
    for (const byte of mask) if (at < db.length) db[at] = (db[at++] ?? 0) ^ byte;
  }
  db[0] = (db[0] ?? 0) & 0x7f;
  return rsaRaw(key, Buffer.concat([db, h, Buffer.from([0xbc])]));
}

/** Signs with any key and any asymmetric `alg` that its type can do; ECDSA takes the hash from `alg`, too. */
export function signBytes(key: string, alg: string, message: Buffer): Buffer {
  switch (alg.slice(0, 2)) {
    case 'ES':
      return ecdsa(key, hashOf(alg), message);
    case 'PS':
      return pss(key, hashOf(alg), message);
    case 'RS':
      return sign(hashOf(alg), message, privateKey(key));
    case 'Ed':
      return sign(null, message, privateKey(key));
    default:
      throw new Error(`no such algorithm: ${alg}`);
  }
}

/** Asks node:crypto whether the signature holds. */
export function holds(key: string, alg: string, message: Buffer, signature: Buffer): boolean {
  const publicKey = createPublicKey(privateKey(key));
  switch (alg.slice(0, 2)) {
    case 'ES':
      return verify(hashOf(alg), message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
    case 'PS': {
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      return verify(hashOf(alg), message, { key: publicKey, padding, saltLength }, signature);
    }
    case 'RS':
      return verify(hashOf(alg), message, publicKey, signature);
    default:
      return verify(null, message, publicKey, signature);
  }
}
