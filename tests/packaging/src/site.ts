/** Where the packed package is installed, and the applications that use it. */

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { output } from './process.ts';

/** The checkout. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

const apps = fileURLToPath(new URL('../apps/', import.meta.url));

/** A program of an npm package: npm puts what conflicts with another workspace's packages into this one's own place. */
export function bin(name: string): string {
  const places = ['tests/packaging/node_modules/.bin', 'node_modules/.bin'].map((place) => join(root, place, name));
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no such program is installed: ${name}`);
  return found;
}

/** The packed package, installed. */
export interface Site {
  /** Projects are made below: they find the installed package before the workspace's link to its source. */
  readonly directory: string;
  /** What `npm pack` wrote. */
  readonly tarball: string;
  /** The vector file, as text. */
  readonly vectors: string;
  /** A new project with the given applications of `apps/` as its files. */
  project(...applications: readonly string[]): Promise<string>;
  /** For servers that answer for several rows: stops them in the end. */
  beforeRemoval(stop: () => Promise<void>): void;
  remove(): Promise<void>;
}

/** Packs the package, and installs the tarball as users do. */
export async function install(): Promise<Site> {
  // Not in the system's directory: bundlers and hosts come from the workspace's own node_modules, above.
  await mkdir(join(root, 'target'), { recursive: true });
  const directory = await mkdtemp(join(root, 'target/packaging-'));
  const tarball = join(directory, (await npm(directory, 'pack', '--silent', join(root, 'pkg'))).trim());
  await writeFile(join(directory, 'package.json'), JSON.stringify({ name: 'site', private: true, type: 'module' }));
  await npm(directory, 'install', '--offline', '--no-audit', '--no-fund', tarball);
  const compiled = join(directory, 'apps');
  const stops: (() => Promise<void>)[] = [];
  const names = (await readdir(apps)).filter((name) => name.endsWith('.ts'));
  await compile(names, compiled, 'esm');
  await compile(['script.ts'], compiled, 'cjs');
  return {
    directory,
    tarball,
    vectors: await readFile(join(root, 'tests/vectors/vectors.json'), 'utf8'),
    async project(...applications) {
      const project = await mkdtemp(join(directory, 'project-'));
      for (const application of applications) await cp(join(compiled, application), join(project, application));
      return project;
    },
    beforeRemoval: (stop) => void stops.push(stop),
    async remove() {
      for (const stop of stops) await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function npm(cwd: string, ...args: string[]): Promise<string> {
  return output({ file: 'npm', args, cwd });
}

/** Makes plain JavaScript of `apps/`: one file each, in which only the package is imported. */
async function compile(names: readonly string[], outdir: string, format: 'esm' | 'cjs'): Promise<void> {
  await build({
    entryPoints: names.map((name) => join(apps, name)),
    outdir,
    outExtension: { '.js': format === 'esm' ? '.mjs' : '.cjs' },
    bundle: true,
    format,
    platform: 'node',
    target: 'es2022',
    external: ['scopegate', 'scopegate/*', './page.js', './core.mjs'],
    logLevel: 'error',
  });
}
