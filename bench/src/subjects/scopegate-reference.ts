import { createVerifier } from 'scopegate/reference';
import { freshString, type Subject } from './subject.ts';

export const subject: Subject = {
  name: 'scopegate/reference',
  async create({ issuer, audience, jwk, otherKeys }) {
    const verifier = createVerifier({
      issuer,
      audience,
      jwks: { keys: [...otherKeys, jwk] },
      algorithms: [jwk.alg],
    });
    return { async: false, input: freshString, run: (token: string) => verifier.verifySync(token) };
  },
};
