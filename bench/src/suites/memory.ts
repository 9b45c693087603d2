/** Whether the WebAssembly memory stays flat. Takes minutes, and has no peer: it only runs when it is asked for by name. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from '../hosts/command.ts';
import { output } from '../hosts/process.ts';
import type { MemoryFindings, MemoryTask } from '../memory-agent.ts';
import { withDirectory } from '../scratch.ts';
import { AUDIENCE, ISSUER, issue, issueMany, makeKey } from '../tokens.ts';
import type { Context } from './context.ts';

const ALGORITHM = 'ES384';
const REPEATED = 200;
const ROTATING_KEYS = 16;

const agent = fileURLToPath(new URL('../memory-agent.ts', import.meta.url));

export async function memory(context: Context): Promise<void> {
  if (!context.hosts.includes('node') || context.wanted(['scopegate']).length === 0) return;
  const verifications = context.quick ? 10_000 : 10_000_000;
  const rotations = context.quick ? 100 : 10_000;
  const load = `${verifications.toLocaleString('en')} verifications, ${rotations.toLocaleString('en')} key rotations`;
  context.say(load);
  const key = await makeKey(ALGORITHM);
  const rotatingKeys: MemoryTask['rotatingKeys'] = [];
  while (rotatingKeys.length < ROTATING_KEYS) {
    const one = await makeKey(ALGORITHM);
    rotatingKeys.push({ jwk: one.jwk, token: await issue(one) });
  }
  const task: MemoryTask = {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwk: key.jwk,
    firstSeen: await issueMany(key, context.pool),
    repeated: await issueMany(key, REPEATED),
    verifications,
    rotatingKeys,
    rotations,
  };
  const { before, after } = await withDirectory(async (directory) => {
    const file = join(directory, 'task.json');
    await writeFile(file, JSON.stringify(task));
    return JSON.parse(await output(command('node', agent, [file]))) as MemoryFindings;
  });
  const figures = { bytes: after, raw_bytes: before, rounds: 1, load };
  context.record({ suite: 'memory', host: 'node', algorithm: ALGORITHM, subject: 'scopegate', ...figures });
}
