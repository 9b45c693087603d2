/** Tokens that were seen before: what a cache makes of them, and whether the size of the key set matters. */

import { measureInProcess } from '../hosts/script.ts';
import type { PublicJwk } from '../job.ts';
import type { TokenSubject } from '../records.ts';
import { issueMany, makeJob, makeKey } from '../tokens.ts';
import type { Context } from './context.ts';
import { recordTimings } from './verify.ts';

/** So few that every cache holds them. */
const TOKENS = 100;

/** The largest key set that scopegate takes. */
const MANY_KEYS = 64;

const SUBJECTS: readonly TokenSubject[] = ['scopegate', 'fast-jwt-cache', 'fast-jwt', 'jose'];

export async function verifyRepeated(context: Context): Promise<void> {
  if (!context.hosts.includes('node')) return;
  for (const algorithm of context.algorithms) {
    context.say(algorithm);
    const key = await makeKey(algorithm);
    const job = await makeJob(key, await issueMany(key, TOKENS), 'node');
    const where = { suite: 'verify-repeated', host: 'node', algorithm } as const;
    const subjects = context.wanted(SUBJECTS);
    recordTimings(context, where, await measureInProcess('node', { subjects, job, plan: context.plan }));

    const alone = subjects.filter((name) => name === 'scopegate');
    if (alone.length === 0 || algorithm !== context.algorithms[0]) continue;
    const otherKeys: PublicJwk[] = [];
    while (otherKeys.length < MANY_KEYS - 1) otherKeys.push((await makeKey(algorithm)).jwk);
    const crowded = { subjects: alone, job: { ...job, otherKeys }, plan: context.plan };
    recordTimings(context, { ...where, keys: MANY_KEYS }, await measureInProcess('node', crowded));
  }
}
