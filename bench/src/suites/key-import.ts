/** What it costs to take a key in: time, and memory. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from '../hosts/command.ts';
import { output } from '../hosts/process.ts';
import type { KeyFindings, KeyTask } from '../key-agent.ts';
import type { TokenSubject } from '../records.ts';
import { median, rounded, type SubjectName } from '../records.ts';
import { withDirectory } from '../scratch.ts';
import { issue, issueMany, makeJob, makeKey, type SigningKey } from '../tokens.ts';
import type { Context } from './context.ts';

const SUBJECTS: readonly TokenSubject[] = ['scopegate', 'scopegate/webcrypto', 'scopegate/reference', 'jose', 'native'];

/** The largest key set that scopegate takes. */
const CROWD = 64;

/** One for the import, and some to see what a verification takes. */
const TOKENS = 21;

const agent = fileURLToPath(new URL('../key-agent.ts', import.meta.url));

export async function keyImport(context: Context): Promise<void> {
  if (!context.hosts.includes('node')) return;
  // PS256 has the keys of RS256.
  for (const algorithm of context.algorithms.filter((name) => name !== 'PS256')) {
    context.say(algorithm);
    const key = await makeKey(algorithm);
    const job = await makeJob(key, await issueMany(key, TOKENS), 'node');
    const task: KeyTask = {
      subjects: context.wanted(SUBJECTS),
      job,
      rounds: context.rounds(15),
      crowd: await crowdOf(key),
    };
    const { timings, bytes } = await withDirectory(async (directory) => {
      const file = join(directory, 'task.json');
      await writeFile(file, JSON.stringify(task));
      return JSON.parse(await output(command('node', agent, [file]))) as KeyFindings;
    });
    for (const [subject, values] of Object.entries(timings) as [SubjectName & TokenSubject, number[]][]) {
      const memory = bytes[subject];
      context.record({
        suite: 'key-import',
        host: 'node',
        algorithm,
        subject,
        median_us: rounded(median(values)),
        ...(memory === undefined ? {} : { bytes: memory }),
        rounds: values.length,
      });
    }
  }
}

async function crowdOf(key: SigningKey): Promise<KeyTask['crowd']> {
  const keys = Array.from({ length: CROWD }, (_, i) => ({ ...key, jwk: { ...key.jwk, kid: `${key.jwk.kid}-${i}` } }));
  const tokens: string[] = [];
  for (const one of keys) tokens.push(await issue(one));
  return { keys: keys.map(({ jwk }) => jwk), tokens };
}
