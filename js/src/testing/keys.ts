import { encodeBase64url } from '../base64url.ts';
import { encodeText } from './text.ts';

/** The algorithms a Logto tenant signs with: ES384 unless somebody rotated to RSA. */
export type TestAlgorithm = 'ES384' | 'RS256';

/** A public key (RFC 7517 §4). */
export type TestKey = Readonly<Record<string, string>>;

/** A key set as it is published (RFC 7517 §5). */
export interface TestKeySet {
  readonly keys: readonly TestKey[];
}

/** A key pair of a test tenant. */
export interface SigningKey {
  readonly algorithm: TestAlgorithm;
  /** The RFC 7638 thumbprint of the public key, as at Logto. */
  readonly kid: string;
  /** As it is published: RSA keys have no `alg` there. */
  readonly jwk: TestKey;
  sign(input: string): Promise<string>;
}

interface Row {
  readonly generation: RsaHashedKeyGenParams | EcKeyGenParams;
  readonly signing: AlgorithmIdentifier | EcdsaParams;
  /** The members that RFC 7638 §3.2 hashes, in their order. */
  readonly members: readonly (keyof JsonWebKey)[];
  readonly published: TestKey;
}

const ALGORITHMS: Readonly<Record<TestAlgorithm, Row>> = {
  ES384: {
    generation: { name: 'ECDSA', namedCurve: 'P-384' },
    signing: { name: 'ECDSA', hash: 'SHA-384' },
    members: ['crv', 'kty', 'x', 'y'],
    published: { alg: 'ES384', use: 'sig' },
  },
  RS256: {
    generation: {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      // Logto's have 4096 bits, which take seconds to generate.
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    signing: 'RSASSA-PKCS1-v1_5',
    members: ['e', 'kty', 'n'],
    published: { use: 'sig' },
  },
};

/** Generates a key pair by the host's WebCrypto. */
export async function makeKey(algorithm: TestAlgorithm): Promise<SigningKey> {
  const { generation, signing, members, published } = ALGORITHMS[algorithm];
  const { subtle } = globalThis.crypto;
  const { privateKey, publicKey } = await subtle.generateKey(generation, true, ['sign', 'verify']);
  const exported = await subtle.exportKey('jwk', publicKey);
  const numbers = Object.fromEntries(members.map((name) => [name, String(exported[name])]));
  const digest = await subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(numbers)));
  const kid = encodeBase64url(new Uint8Array(digest));
  return {
    algorithm,
    kid,
    jwk: { ...numbers, ...published, kid },
    sign: async (input) =>
      encodeBase64url(new Uint8Array(await subtle.sign(signing, privateKey, new TextEncoder().encode(input)))),
  };
}

/** A signed token (RFC 7515 §7.1). */
export async function signToken(header: object, claims: object, key: SigningKey): Promise<string> {
  const input = `${encodeText(JSON.stringify(header))}.${encodeText(JSON.stringify(claims))}`;
  return `${input}.${await key.sign(input)}`;
}
