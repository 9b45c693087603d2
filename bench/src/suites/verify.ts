/** First-seen tokens: every token goes through a full verification. */

import { measureInProcess } from '../hosts/script.ts';
import { measureInWorkerd } from '../hosts/worker.ts';
import type { Timings } from '../job.ts';
import {
  JAVASCRIPT_HOSTS,
  median,
  type Result,
  rounded,
  type SubjectName,
  type SuiteName,
  TOKEN_SUBJECTS,
} from '../records.ts';
import { issueMany, makeJob, makeKey } from '../tokens.ts';
import type { Context } from './context.ts';

const SUBJECTS = TOKEN_SUBJECTS.filter((name) => name !== 'fast-jwt-cache');

export async function verify(context: Context): Promise<void> {
  const { algorithms, hosts, plan, pool } = context;
  const subjects = context.wanted(SUBJECTS);
  for (const algorithm of algorithms) {
    const key = await makeKey(algorithm);
    const tokens = await issueMany(key, pool);
    for (const host of JAVASCRIPT_HOSTS.filter((name) => hosts.includes(name))) {
      context.say(`${algorithm} in ${host}`);
      const task = { subjects, job: await makeJob(key, tokens, host), plan };
      const timings = await (host === 'workerd' ? measureInWorkerd(task) : measureInProcess(host, task));
      recordTimings(context, { suite: 'verify', host, algorithm }, timings);
    }
  }
}

export function recordTimings(
  context: Context,
  where: Pick<Result, 'host' | 'algorithm' | 'keys' | 'tokens'> & { suite: SuiteName },
  timings: Timings,
): void {
  for (const [subject, values] of Object.entries(timings) as [SubjectName, number[]][]) {
    context.record({ ...where, subject, median_us: rounded(median(values)), rounds: values.length });
  }
}
