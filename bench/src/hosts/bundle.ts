/** Bundles for workerd: the script, and the WebAssembly modules beside it. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const src = fileURLToPath(new URL('..', import.meta.url));

/** Package conditions as wrangler sets them. */
export const WORKER_CONDITIONS = ['workerd', 'worker', 'browser'];

// CommonJS packages require Node's modules, which an ES module must import.
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire('/');";

/**
 * Bundles a module given as text; its imports are relative to `src/`.
 *
 * @param nodeModules whether packages may require Node's modules.
 * @returns the names of the files in `directory`, the script first.
 */
export async function bundleWorker(directory: string, contents: string, nodeModules: boolean): Promise<string[]> {
  await build({
    stdin: { contents, resolveDir: src, sourcefile: 'worker.ts', loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['browser', 'module', 'main'],
    conditions: WORKER_CONDITIONS,
    external: ['node:*'],
    ...(nodeModules ? { alias: NODE_MODULES, banner: { js: REQUIRE } } : {}),
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    outfile: join(directory, 'worker.js'),
    logLevel: 'error',
  });
  return ['worker.js', ...(await readdir(directory)).filter((name) => name.endsWith('.wasm'))];
}

/** What CommonJS packages call Node's modules. */
const NODE_MODULES = Object.fromEntries(
  ['assert', 'buffer', 'crypto', 'events', 'fs', 'http', 'https', 'stream', 'timers', 'url', 'util'].map((name) => [
    name,
    `node:${name}`,
  ]),
);
