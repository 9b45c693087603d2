/**
 * Measures inside Node, Deno or Bun: `agent.ts TASK-FILE` writes the timings to the standard output as JSON.
 * It runs in a process of its own for each algorithm, so that no measurement inherits another one's heap or code.
 */

import { readFileSync } from 'node:fs';
import type { Job, Plan } from './job.ts';
import { interleave } from './measure.ts';
import type { TokenSubject } from './records.ts';
import { load } from './subjects/index.ts';

export interface Task {
  subjects: TokenSubject[];
  job: Job;
  plan: Plan;
}

const { subjects: names, job, plan } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Task;
const loaded = await Promise.all(names.map(load));
const subjects = loaded.filter((subject) => subject.cannot?.(job.algorithm, job.host) === undefined);
process.stdout.write(JSON.stringify(await interleave(subjects, job, plan)));
