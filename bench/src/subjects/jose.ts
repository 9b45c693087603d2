import { importJWK, jwtVerify } from 'jose';
import { freshString, type Subject } from './subject.ts';

export const subject: Subject = {
  name: 'jose',
  async create({ issuer, audience, jwk }) {
    const key = await importJWK(jwk, jwk.alg);
    const options = { issuer, audience, algorithms: [jwk.alg], requiredClaims: ['exp'] };
    return { async: true, input: freshString, run: (token: string) => jwtVerify(token, key, options) };
  },
};
