/** Measuring in Node, Deno and Bun: an agent in a process of its own. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Task } from '../agent.ts';
import type { Timings } from '../job.ts';
import { withDirectory } from '../scratch.ts';
import { command, type ScriptHost } from './command.ts';
import { output } from './process.ts';

const agent = fileURLToPath(new URL('../agent.ts', import.meta.url));

export function measureInProcess(host: ScriptHost, task: Task): Promise<Timings> {
  return withDirectory(async (directory) => {
    const file = join(directory, 'task.json');
    await writeFile(file, JSON.stringify(task));
    return JSON.parse(await output(command(host, agent, [file]))) as Timings;
  });
}
