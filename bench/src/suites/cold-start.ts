/** From the start of a process to the first verified token. `none` is the same program without a verifier. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleWorker } from '../hosts/bundle.ts';
import { command } from '../hosts/command.ts';
import { serve } from '../hosts/process.ts';
import { startWorkerd } from '../hosts/workerd.ts';
import type { TokenSubject } from '../records.ts';
import { JAVASCRIPT_HOSTS, type JavaScriptHost, median, rounded } from '../records.ts';
import { withDirectory } from '../scratch.ts';
import { load, moduleOf } from '../subjects/index.ts';
import { issue, makeJob, makeKey } from '../tokens.ts';
import type { Context } from './context.ts';

const SUBJECTS = ['scopegate', 'scopegate/webcrypto', 'scopegate/reference', 'jose', 'fast-jwt', 'none'] as const;
type ColdSubject = (typeof SUBJECTS)[number];

/** Starts once. @returns milliseconds */
type Start = () => Promise<number>;

const src = fileURLToPath(new URL('..', import.meta.url));

export async function coldStart(context: Context): Promise<void> {
  for (const algorithm of context.algorithms.filter((name) => name === 'ES384' || name === 'RS256')) {
    for (const host of JAVASCRIPT_HOSTS.filter((name) => context.hosts.includes(name))) {
      context.say(`${algorithm} in ${host}`);
      await withDirectory((directory) => measure(context, directory, host, algorithm));
    }
  }
}

async function measure(context: Context, directory: string, host: JavaScriptHost, algorithm: string): Promise<void> {
  const key = await makeKey(algorithm);
  const job = JSON.stringify(await makeJob(key, [await issue(key)], host));
  const starts = new Map<ColdSubject, Start>();
  for (const name of context.wanted(SUBJECTS)) {
    if (name !== 'none' && (await load(name)).cannot?.(algorithm, host) !== undefined) continue;
    const home = join(directory, name.replace('/', '-'));
    await mkdir(home);
    starts.set(name, await (host === 'workerd' ? workerStart(home, name, job) : scriptStart(home, host, name, job)));
  }
  const times = new Map<ColdSubject, number[]>([...starts.keys()].map((name) => [name, []]));
  const rounds = context.rounds(25);
  for (let round = -1; round < rounds; round++) {
    for (const [name, start] of starts) {
      const ms = await start();
      // The first start of all fills the operating system's caches.
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  for (const [subject, values] of times) {
    context.record({ suite: 'cold-start', host, algorithm, subject, ms: rounded(median(values)), rounds });
  }
}

async function scriptStart(
  directory: string,
  host: Exclude<JavaScriptHost, 'workerd'>,
  name: ColdSubject,
  job: string,
): Promise<Start> {
  const script = join(directory, 'start.mjs');
  // As an application would be deployed: JavaScript of its own, and the packages in node_modules/.
  await build({
    stdin: { contents: entry(name, "import { main } from './cold.ts';", 'await main'), resolveDir: src, loader: 'ts' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    outfile: script,
    logLevel: 'error',
  });
  const data = join(directory, 'job.json');
  await writeFile(data, job);
  return async () => {
    const started = performance.now();
    const child = await serve(command(host, script, [data]), /(verified)\./);
    const ms = performance.now() - started;
    await child.stop();
    return ms;
  };
}

async function workerStart(directory: string, name: ColdSubject, job: string): Promise<Start> {
  const contents = entry(name, "import { coldWorker } from './cold-worker.ts';", 'export default coldWorker');
  const files = await bundleWorker(directory, contents, true);
  return async () => {
    const started = performance.now();
    const server = await startWorkerd(directory, files);
    const response = await fetch(server.announced, { method: 'POST', body: job });
    const answer = await response.text();
    const ms = performance.now() - started;
    await server.stop();
    if (answer !== 'verified.') throw new Error(`${name} in workerd: ${answer}`);
    return ms;
  };
}

function entry(name: ColdSubject, importing: string, call: string): string {
  if (name === 'none') return `${importing}\n${call}();`;
  const module = moduleOf(name satisfies TokenSubject).slice(2);
  return `import { subject } from './subjects/${module}';\n${importing}\n${call}(subject);`;
}
