import type { Job } from '../job.ts';

/** The options of every build of scopegate: what is compared is how signatures are checked. */
export function scopegateOptions({ issuer, audience, jwk, otherKeys }: Job) {
  return { issuer, audience, jwks: { keys: [...otherKeys, jwk] }, algorithms: [jwk.alg] };
}
