import { createPublicKey } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { NO_KEY_OBJECTS } from './key-objects.ts';
import { freshString, type Subject } from './subject.ts';

export const subject: Subject = {
  name: 'jsonwebtoken',
  cannot(algorithm, host) {
    if (algorithm === 'EdDSA') return 'it does not know EdDSA';
    if (algorithm === 'PS256' && host === 'workerd') return NO_KEY_OBJECTS;
    return undefined;
  },
  async create({ issuer, audience, jwk }) {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const options = { issuer, audience, algorithms: [jwk.alg as jsonwebtoken.Algorithm] };
    return { async: false, input: freshString, run: (token: string) => jsonwebtoken.verify(token, key, options) };
  },
};
