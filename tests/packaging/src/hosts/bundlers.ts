/** Bundlers. What they write is moved to where no package is, and runs alone. */

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { nodeFileTrace } from '@vercel/nft';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { bun } from '../../../../bench/src/hosts/binaries.ts';
import type { Host, Judgements } from '../host.ts';
import { output } from '../process.ts';
import type { Site } from '../site.ts';
import { pin } from '../versions.ts';
import { DENO_LIMITS, judgeScript, RUN } from './scripts.ts';

/** No bundler, but what Vercel and Next.js ship of a server: the files that a program is found to need. */
const traced = (name: string, entry: string): Host => ({
  name,
  on: pin('@vercel/nft'),
  async judge(site) {
    return alone(site, [entry], async (project, elsewhere) => {
      const { fileList } = await nodeFileTrace([join(project, entry)], { base: site.directory });
      for (const file of fileList) await cp(join(site.directory, file), join(elsewhere, file), { recursive: true });
      return judgeScript(site, RUN.node, join(elsewhere, relative(site.directory, project)), entry);
    });
  },
});

/** Bundles a file of a project into another. */
type Bundle = (project: string, entry: string, outfile: string) => Promise<unknown>;

/** Bundled for a server: a script that Node runs. */
const forNode = (name: string, on: string, entry: string, outfile: string, bundle: Bundle): Host => ({
  name,
  on,
  async judge(site) {
    return alone(site, [entry], async (project, elsewhere) => {
      await bundle(project, entry, join(elsewhere, outfile));
      return judgeScript(site, RUN.node, elsewhere, outfile);
    });
  },
});

/** Bundled for browsers, by defaults. Deno loads the result without any permission: there is nothing to read or fetch. */
const forBrowsers = (name: string, on: string, bundle: Bundle): Host => ({
  name,
  on,
  limits: DENO_LIMITS,
  async judge(site) {
    return alone(site, ['page.mjs', 'load-page.mjs'], async (project, elsewhere) => {
      await bundle(project, 'page.mjs', join(elsewhere, 'page.js'));
      await cp(join(project, 'load-page.mjs'), join(elsewhere, 'load-page.mjs'));
      return judgeScript(site, RUN.deno, elsewhere, 'load-page.mjs');
    });
  },
});

/** Calls `use` with a new project, and a directory outside of the checkout. */
async function alone<T>(
  site: Site,
  applications: readonly string[],
  use: (project: string, elsewhere: string) => Promise<T>,
): Promise<T> {
  const project = await site.project(...applications);
  const elsewhere = await mkdtemp(join(tmpdir(), 'scopegate-bundle-'));
  try {
    return await use(project, elsewhere);
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
}

const withEsbuild =
  (platform: 'node' | 'browser', format: 'esm' | 'cjs'): Bundle =>
  (project, entry, outfile) =>
    esbuild({ entryPoints: [join(project, entry)], outfile, bundle: true, platform, format, logLevel: 'error' });

const withRollup: Bundle = async (project, entry, outfile) => {
  const bundle = await rollup({ input: join(project, entry), plugins: [nodeResolve()], external: /^node:/ });
  await bundle.write({ file: outfile, format: 'es' });
  await bundle.close();
};

const withWebpack =
  (target: 'node' | 'web'): Bundle =>
  async (project, entry, outfile) => {
    const [path, filename] = [join(outfile, '..'), outfile.slice(outfile.lastIndexOf('/') + 1)];
    const compiler = webpack({
      mode: 'production',
      context: project,
      entry: `./${entry}`,
      target,
      experiments: { outputModule: true },
      output: { path, filename, module: true, library: { type: 'module' } },
      performance: { hints: false },
    });
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      compiler.run((error, result) => (error ? reject(error) : resolve(result)));
    });
    await new Promise((resolve) => compiler.close(resolve));
    if (stats?.hasErrors() || stats?.hasWarnings()) throw new Error(stats.toString());
  };

const withVite =
  (ssr: boolean): Bundle =>
  (project, entry, outfile) =>
    vite({
      root: project,
      configFile: false,
      logLevel: 'error',
      // Packages stay outside of a server's build unless that is asked for.
      ...(ssr ? { ssr: { noExternal: true } } : {}),
      build: {
        outDir: join(outfile, '..'),
        ssr: ssr ? entry : false,
        ...(ssr ? {} : { lib: { entry, formats: ['es'] } }),
        rolldownOptions: { output: { entryFileNames: outfile.slice(outfile.lastIndexOf('/') + 1) } },
      },
    });

const withBun =
  (...flags: string[]): Bundle =>
  (project, entry, outfile) =>
    output({ file: bun(), args: ['build', ...flags, entry, `--outfile=${outfile}`], cwd: project });

/** Bun's own bundler, and its single executables. */
const BUN: readonly Host[] = [
  {
    name: 'Bun, bundled',
    on: pin('bun', 'Bun'),
    async judge(site) {
      return alone(site, ['script.mjs'], async (project, elsewhere) => {
        await withBun('--target=bun')(project, 'script.mjs', join(elsewhere, 'script.mjs'));
        return judgeScript(site, RUN.bun, elsewhere, 'script.mjs');
      });
    },
  },
  {
    name: 'Bun, compiled to an executable',
    on: pin('bun', 'Bun'),
    async judge(site) {
      return alone(site, ['script.mjs'], async (project, elsewhere) => {
        const file = join(elsewhere, 'script');
        await withBun('--compile')(project, 'script.mjs', file);
        return JSON.parse(await output({ file, args: [], cwd: elsewhere }, site.vectors)) as Judgements;
      });
    },
  },
];

export const BUNDLERS: readonly Host[] = [
  forNode('esbuild, for Node.js', pin('esbuild'), 'script.mjs', 'script.mjs', withEsbuild('node', 'esm')),
  forNode('esbuild, for Node.js as CommonJS', pin('esbuild'), 'script.cjs', 'script.cjs', withEsbuild('node', 'cjs')),
  forBrowsers('esbuild, for browsers', pin('esbuild'), withEsbuild('browser', 'esm')),
  forNode('Rollup', pin('rollup', 'Rollup'), 'script.mjs', 'script.mjs', withRollup),
  forNode('webpack, for Node.js', pin('webpack'), 'script.mjs', 'script.mjs', withWebpack('node')),
  forBrowsers('webpack, for browsers', pin('webpack'), withWebpack('web')),
  forNode('Vite, for servers', pin('vite', 'Vite'), 'script.mjs', 'script.mjs', withVite(true)),
  forBrowsers('Vite, for browsers', pin('vite', 'Vite'), withVite(false)),
  ...BUN,
  traced('Files traced by nft, ES modules', 'script.mjs'),
  traced('Files traced by nft, CommonJS', 'script.cjs'),
];
