/** Verification in Python: tokens that were not seen before, and tokens that were. */

import { measureInPython } from '../hosts/python.ts';
import { PYTHON_SUBJECTS } from '../records.ts';
import { issueMany, makeJob, makeKey } from '../tokens.ts';
import type { Context } from './context.ts';
import { recordTimings } from './verify.ts';

/** So few that every cache holds them. */
const FEW = 100;

const ALGORITHMS = ['ES384', 'RS256'];

export async function python(context: Context): Promise<void> {
  if (!context.hosts.includes('python')) return;
  const subjects = context.wanted(['scopegate', ...PYTHON_SUBJECTS]);
  for (const algorithm of ALGORITHMS.filter((name) => context.algorithms.includes(name))) {
    const key = await makeKey(algorithm);
    const all = await issueMany(key, context.pool);
    for (const tokens of ['distinct', 'repeated'] as const) {
      context.say(`${algorithm}, ${tokens} tokens`);
      const job = await makeJob(key, tokens === 'distinct' ? all : all.slice(0, FEW), 'python');
      // A cache must not hold the pool, not even the small one of a smoke run.
      const entries = tokens === 'distinct' ? Math.min(1000, all.length >> 1) : 1000;
      const timings = await measureInPython({ subjects, job, plan: context.plan, entries });
      recordTimings(context, { suite: 'python', host: 'python', algorithm, tokens }, timings);
    }
  }
}
