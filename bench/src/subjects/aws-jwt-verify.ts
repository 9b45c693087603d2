import { JwtVerifier } from 'aws-jwt-verify';
import type { Jwk } from 'aws-jwt-verify/jwk';
import { freshString, type Subject } from './subject.ts';

export const subject: Subject = {
  name: 'aws-jwt-verify',
  cannot: (algorithm) => (algorithm === 'PS256' ? 'it does not know PS256' : undefined),
  async create({ host, issuer, audience, jwk }) {
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/jwks` });
    verifier.cacheJwks({ keys: [jwk as Jwk] });
    // Its build for web runtimes has WebCrypto only, and no synchronous verification.
    const async = host === 'workerd';
    const run = async ? (token: string) => verifier.verify(token) : (token: string) => verifier.verifySync(token);
    return { async, input: freshString, run };
  },
};
