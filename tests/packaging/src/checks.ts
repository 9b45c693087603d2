/** What is asked of the package's manifest and types, beside running it. */

import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { output } from './process.ts';
import { bin, root, type Site } from './site.ts';
import { pin } from './versions.ts';

/** A row of docs/hosts.md that runs no vectors. */
export interface Check {
  readonly name: string;
  readonly on: string;
  /** What is wrong. */
  run(site: Site): Promise<string[]>;
}

/** A project of js/tests/types, on the packed package instead of the workspace's; libraries are checked, too. */
const typescript = (name: string, config: string): Check => ({
  name,
  on: pin('typescript', 'TypeScript'),
  async run(site) {
    const project = await mkdtemp(join(site.directory, 'types-'));
    await cp(join(root, 'js/tests/types'), project, { recursive: true });
    // Where nothing compiles, it says what does not on standard output, and fails.
    const printed = await output({ file: bin('tsc'), args: ['-p', config], cwd: project }).catch(String);
    return printed === '' ? [] : [printed];
  },
});

export const CHECKS: readonly Check[] = [
  typescript('TypeScript, `moduleResolution` node16', 'tsconfig.node16.json'),
  typescript('TypeScript, `moduleResolution` bundler', 'tsconfig.bundler.json'),
  typescript('TypeScript for Workers', 'tsconfig.workers.json'),
  {
    name: 'publint',
    on: pin('publint'),
    async run(site) {
      const tarball = Uint8Array.from(await readFile(site.tarball)).buffer;
      const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
      return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
    },
  },
  {
    name: 'Are the types wrong?',
    on: pin('@arethetypeswrong/core'),
    async run(site) {
      const checked = await checkPackage(createPackageFromTarballData(await readFile(site.tarball)));
      if (checked.types === false) return ['there are no types'];
      // A WebAssembly module is nothing that any JavaScript, of whichever kind, could require or mistake for itself.
      const entrypoints = Object.entries(checked.entrypoints).filter(([name]) => !name.endsWith('.wasm'));
      const general = checked.problems.filter((problem) => !('entrypoint' in problem));
      const problems = checked.problems.filter(
        (problem) => 'entrypoint' in problem && entrypoints.some(([name]) => name === problem.entrypoint),
      );
      return [...general, ...problems].map((problem) => JSON.stringify(problem));
    },
  },
];
