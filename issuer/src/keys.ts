/**
 * Signing keys and their rotation, in Logto's three states: `Next` (published, not signing), `Current` (signing) and
 * `Previous` (published, so that its unexpired tokens still verify). At most one of each exists.
 */

import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';

/** Algorithms the issuer can sign with. Logto's default is ES384; RS256 is its answer to an RSA key. */
export type SigningAlgorithm = 'ES256' | 'ES384' | 'ES512' | 'RS256' | 'PS256';

/** A private key with everything the provider needs to sign with it. */
export interface SigningKey {
  readonly algorithm: SigningAlgorithm;
  /** RFC 7638 thumbprint of the public key, base64url of SHA-256. */
  readonly kid: string;
  /** Private JWK with `kid`. */
  readonly jwk: JWK;
  readonly privateKey: KeyObject;
}

/** Length of RSA moduli in bits, as Logto generates them. */
export const DEFAULT_RSA_MODULUS_LENGTH = 4096;

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

const generate = promisify(generateKeyPair);

/** Generates a key pair for `algorithm`; `modulusLength` (bits) applies to RSA only. */
export async function generateSigningKey(
  algorithm: SigningAlgorithm,
  modulusLength: number = DEFAULT_RSA_MODULUS_LENGTH,
): Promise<SigningKey> {
  const { privateKey } =
    algorithm === 'RS256' || algorithm === 'PS256'
      ? await generate('rsa', { modulusLength })
      : await generate('ec', { namedCurve: CURVES[algorithm] });
  const jwk = privateKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(jwk, 'sha256');
  return { algorithm, kid, jwk: { ...jwk, kid }, privateKey };
}

/** The public JWK in Logto's shape: RSA keys carry no `alg`, because several fit. */
export function publicJwk({ algorithm, jwk: { kty, kid, crv, x, y, e, n } }: SigningKey): JWK {
  const common = { kty, use: 'sig', kid };
  const members = kty === 'EC' ? { ...common, alg: algorithm, crv, x, y } : { ...common, e, n };
  return members as JWK;
}

/** The published keys. */
export class KeyRing {
  #current: SigningKey;
  #next: SigningKey | undefined;
  #previous: SigningKey | undefined;

  constructor(current: SigningKey) {
    this.#current = current;
  }

  get current(): SigningKey {
    return this.#current;
  }

  get next(): SigningKey | undefined {
    return this.#next;
  }

  get previous(): SigningKey | undefined {
    return this.#previous;
  }

  /** All published keys in the order of Logto's JWKS: Current, Next, Previous. */
  get published(): SigningKey[] {
    return [this.#current, this.#next, this.#previous].filter((key) => key !== undefined);
  }

  /** Publishes `key` without signing with it; replaces a key staged before. */
  stage(key: SigningKey): void {
    this.#next = key;
  }

  /** Makes `key` the signing key at once; the old Previous and a staged Next disappear. */
  rotate(key: SigningKey): void {
    this.#previous = this.#current;
    this.#current = key;
    this.#next = undefined;
  }

  /** Ends the grace period: Next becomes Current. Throws when nothing is staged. */
  activateNext(): void {
    if (this.#next === undefined) {
      throw new Error('no key is staged');
    }
    this.rotate(this.#next);
  }

  /** Unpublishes the Previous key: its tokens stop verifying at the next fetch of the key set. */
  deletePrevious(): void {
    this.#previous = undefined;
  }
}
