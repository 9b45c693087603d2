import { createPublicKey } from 'node:crypto';
import type { PublicJwk } from '../job.ts';

/** Why what is built on `createVerify` with key objects does not run on workerd. */
export const NO_KEY_OBJECTS = "workerd's createVerify takes no key object with options";

/** The key as PEM (SubjectPublicKeyInfo), for libraries that take no JWK. */
export function pemOf(jwk: PublicJwk): string {
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString();
}
