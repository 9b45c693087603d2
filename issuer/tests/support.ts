/** Shared by the issuer's tests: an issuer per test file, and tokens verified with `jose` against the served key set. */

import { after } from 'node:test';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { createFlows } from '../src/flows.ts';
import { createIssuer, type Issuer, type IssuerOptions } from '../src/index.ts';

/** RSA keys short enough to be generated quickly; the shape of tokens and JWKs does not depend on it. */
export const FAST_RSA = { rsaModulusLength: 2048 } as const;

/** Starts an issuer that stops after the tests of the calling file or suite. */
export async function startIssuer(options: IssuerOptions = {}) {
  const issuer = await createIssuer({ ...FAST_RSA, ...options });
  after(() => issuer.stop());
  return { issuer, flows: createFlows(issuer) };
}

export async function fetchJwks(issuer: Issuer): Promise<JSONWebKeySet> {
  const response = await fetch(issuer.jwksUri);
  return (await response.json()) as JSONWebKeySet;
}

/** Verifies the signature over HTTP-served keys and returns header and payload; expiry is not of interest here. */
export async function verified(issuer: Issuer, token: string) {
  const keys = createLocalJWKSet(await fetchJwks(issuer));
  await jwtVerify(token, keys, { currentDate: new Date((decodeJwt(token).iat ?? 0) * 1000 - 1000) }).catch((error) => {
    if (error.code !== 'ERR_JWT_EXPIRED') {
      throw error;
    }
  });
  return { header: decodeProtectedHeader(token), payload: decodeJwt(token) };
}

/** Whether the token's signature verifies with the key set served now. */
export async function verifiesNow(issuer: Issuer, token: string): Promise<boolean> {
  return verified(issuer, token).then(
    () => true,
    (error) => {
      if (error.code === 'ERR_JWKS_NO_MATCHING_KEY') {
        return false;
      }
      throw error;
    },
  );
}
