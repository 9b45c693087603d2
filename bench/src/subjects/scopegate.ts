import { createVerifier } from 'scopegate';
import { freshString, type Subject } from './subject.ts';

export const subject: Subject = {
  name: 'scopegate',
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
