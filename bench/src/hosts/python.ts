/** Measuring in Python, in the environment that has the built package and its peers. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Job, Plan, Timings } from '../job.ts';
import type { SubjectName } from '../records.ts';
import { withDirectory } from '../scratch.ts';
import type { Command } from './command.ts';
import { output } from './process.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface PythonTask {
  subjects: readonly SubjectName[];
  job: Job;
  plan: Plan;
  /** How many tokens scopegate may remember. */
  entries: number;
}

/** How a file of `src/python/` is started; `cargo xtask` says which Python it is. */
export function pythonCommand(file: string, args: readonly string[]): Command {
  const python = process.env.SCOPEGATE_PYTHON ?? at('../../../target/python-venv/bin/python');
  return { file: python, args: [at(`../python/${file}`), ...args], env: { PYTHONDONTWRITEBYTECODE: '1' } };
}

export function measureInPython(task: PythonTask): Promise<Timings> {
  return withDirectory(async (directory) => {
    const file = join(directory, 'task.json');
    await writeFile(file, JSON.stringify(task));
    return JSON.parse(await output(pythonCommand('agent.py', [file]))) as Timings;
  });
}
