/** What is kept under bench/results/. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOSTS, type Result, SUITES } from '../records.ts';
import { machine } from './machine.ts';
import { tables } from './markdown.ts';
import { plots } from './plots.ts';
import { reachTable } from './reach.ts';

const directory = fileURLToPath(new URL('../../results', import.meta.url));

/** What the results file holds: each part with the machine it was measured on. */
interface Kept {
  /** By suite and host. */
  runs: Record<string, string>;
  results: Result[];
}

/**
 * Puts a run's results in the place of earlier ones of the same suites and hosts.
 *
 * @returns the directory.
 */
export async function save(results: readonly Result[]): Promise<string> {
  await mkdir(directory, { recursive: true });
  const kept = await read();
  const fresh = new Set(results.map(partOf));
  for (const part of fresh) kept.runs[part] = `${new Date().toISOString().slice(0, 10)}, ${machine()}`;
  kept.results = inOrder([...kept.results.filter((result) => !fresh.has(partOf(result))), ...results]);
  await writeFile(join(directory, 'results.json'), lines(kept.results));
  await writeFile(join(directory, 'runs.json'), `${JSON.stringify(kept.runs, null, 2)}\n`);
  await writeFile(join(directory, 'results.md'), page(kept));
  for (const [name, chart] of plots(kept.results)) await writeFile(join(directory, name), chart);
  return directory;
}

async function read(): Promise<Kept> {
  const parsed = async <T>(name: string, otherwise: T): Promise<T> =>
    readFile(join(directory, name), 'utf8').then(
      (text) => JSON.parse(text) as T,
      () => otherwise,
    );
  return { runs: await parsed('runs.json', {}), results: await parsed('results.json', []) };
}

function partOf({ suite, host }: Result): string {
  return `${suite} in ${host}`;
}

/** By suite and host; within them as they were measured. */
function inOrder(results: readonly Result[]): Result[] {
  const place = ({ suite, host }: Result) => SUITES.indexOf(suite) * HOSTS.length + HOSTS.indexOf(host);
  return [...results].sort((a, b) => place(a) - place(b));
}

/** An array with one object in a line. */
export function lines(results: readonly Result[]): string {
  return `[\n${results.map((result) => JSON.stringify(result)).join(',\n')}\n]\n`;
}

function page({ runs, results }: Kept): string {
  const measured = Object.entries(runs).map(([part, where]) => `- ${part}: ${where}`);
  return `# Results

Written by \`cargo xtask bench\`; [README.md](../README.md) says how it measures.

${reachTable(results)}

${tables(results)}

### Measured on

${measured.join('\n')}
`;
}
