/** Which processors a process may use, by Linux's `taskset`. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Command } from './command.ts';

const run = promisify(execFile);

/** Numbers of processors. */
export type Processors = readonly number[];

/** The processors of this process; `undefined` where that cannot be found out, or there is only one. */
export async function processors(): Promise<Processors | undefined> {
  try {
    const { stdout } = await run('taskset', ['-cp', String(process.pid)]);
    const found = (stdout.split(':')[1] ?? '').trim().split(',').flatMap(range);
    return found.length > 1 ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Moves this process, with all its threads. */
export async function moveTo(where: Processors): Promise<void> {
  await run('taskset', ['-acp', where.join(','), String(process.pid)]);
}

/** The command, confined. */
export function confined({ file, args, env }: Command, where: Processors): Command {
  return { file: 'taskset', args: ['-c', where.join(','), file, ...args], env };
}

function range(text: string): number[] {
  const [first = Number.NaN, last = first] = text.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
