import { createVerifier } from 'scopegate/webcrypto';
import { freshString, type Subject } from './subject.ts';

export const subject: Subject = {
  name: 'scopegate/webcrypto',
  async create({ issuer, audience, jwk, otherKeys }) {
    const verifier = createVerifier({
      issuer,
      audience,
      jwks: { keys: [...otherKeys, jwk] },
      algorithms: [jwk.alg],
    });
    return { async: true, input: freshString, run: (token: string) => verifier.verify(token) };
  },
};
