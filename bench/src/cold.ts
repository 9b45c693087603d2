/** A cold start: import, make a verifier, verify one token, say so. */

import { readFileSync } from 'node:fs';
import type { Job } from './job.ts';
import type { Subject } from './subjects/subject.ts';

/** Verifies the first token of a job as soon as it can. */
export async function first(subject: Subject, job: Job): Promise<void> {
  const check = await subject.create(job);
  await check.run(check.input(new TextEncoder().encode(job.tokens[0])));
}

/** The program that is started: verifies, then prints. Without a subject it only reads the job: the runtime's own start. */
export async function main(subject?: Subject): Promise<void> {
  const job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Job;
  if (subject !== undefined) await first(subject, job);
  process.stdout.write('verified.\n');
}
