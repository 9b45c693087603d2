/** Hosts that run a script with the package beside it in node_modules. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bun, deno } from '../../../../bench/src/hosts/binaries.ts';
import { documentedCore } from '../documented.ts';
import type { Host, Judgements } from '../host.ts';
import { type Command, output } from '../process.ts';
import type { Site } from '../site.ts';
import { NODE, pin } from '../versions.ts';

/** How each is told to run a file. Deno gets no permission: none is needed to import the package and verify. */
export const RUN = {
  node: (file: string) => ({ file: process.execPath, args: [file] }),
  deno: (file: string) => ({ file: deno(), args: ['run', '--quiet', '--no-prompt', '--no-lock', '--no-remote', file] }),
  bun: (file: string) => ({ file: bun(), args: ['run', '--no-install', file] }),
} satisfies Record<string, (file: string) => Omit<Command, 'cwd'>>;

type Run = (typeof RUN)[keyof typeof RUN];

/** Deno's WebCrypto imports RSA keys of more than 4096 bits, but cannot use them. */
export const DENO_LIMITS = { 'scopegate/webcrypto': { 'algorithms/rs256-rsa8192': 'internal' } };

/** Runs a script of a project, and reads the outcome that it prints. */
export async function judgeScript(site: Site, run: Run, project: string, file: string): Promise<Judgements> {
  return JSON.parse(await output({ ...run(file), cwd: project }, site.vectors)) as Judgements;
}

const script = (name: string, on: string, run: Run, file: string, limits = {}): Host => ({
  name,
  on,
  limits,
  async judge(site) {
    return judgeScript(site, run, await site.project(file), file);
  },
});

const byHand: Host = {
  name: 'Node.js, `init` by hand',
  on: NODE,
  async judge(site) {
    const project = await site.project('manual.mjs');
    await writeFile(join(project, 'core.mjs'), documentedCore('Node.js'));
    return judgeScript(site, RUN.node, project, 'manual.mjs');
  },
};

export const SCRIPTS: readonly Host[] = [
  script('Node.js, ES modules', NODE, RUN.node, 'script.mjs'),
  script('Node.js, CommonJS', NODE, RUN.node, 'script.cjs'),
  byHand,
  script('Deno', pin('deno', 'Deno'), RUN.deno, 'script.mjs', DENO_LIMITS),
  script('Bun, ES modules', pin('bun', 'Bun'), RUN.bun, 'script.mjs'),
  script('Bun, CommonJS', pin('bun', 'Bun'), RUN.bun, 'script.cjs'),
];
