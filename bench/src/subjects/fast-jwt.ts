import { type Algorithm, createVerifier } from 'fast-jwt';
import type { Job } from '../job.ts';
import type { HostName } from '../records.ts';
import { NO_KEY_OBJECTS, pemOf } from './key-objects.ts';
import { type Check, freshString, type Subject } from './subject.ts';

/** The verifier with its cache off (its default) or on (1,000 entries, its default when on). */
export async function create({ issuer, audience, jwk }: Job, cache: boolean): Promise<Check<string>> {
  const verify = createVerifier({
    key: pemOf(jwk),
    algorithms: [jwk.alg as Algorithm],
    allowedIss: issuer,
    allowedAud: audience,
    requiredClaims: ['iss', 'aud', 'exp'],
    cache,
  });
  return { async: false, input: freshString, run: (token: string) => verify(token) };
}

export function cannot(algorithm: string, host: HostName): string | undefined {
  return host === 'workerd' && algorithm !== 'EdDSA' ? NO_KEY_OBJECTS : undefined;
}

export const subject: Subject = {
  name: 'fast-jwt',
  cannot,
  create: (job) => create(job, false),
};
