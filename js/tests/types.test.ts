import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = fileURLToPath(new URL('bin/tsc', `file://${typescript}`));

// `types/refused.ts` holds what must not compile: a line that does is an error of its own.
describe('the types', () => {
  for (const [project, file] of [
    ['Node, ES modules and CommonJS', 'node16'],
    ['a bundler', 'bundler'],
    ['Workers', 'workers'],
  ] as const) {
    it(`serve a project for ${project}`, async () => {
      const config = fileURLToPath(new URL(`types/tsconfig.${file}.json`, import.meta.url));
      const { stdout } = await run(process.execPath, [tsc, '-p', config]).catch((error) => error);
      assert.equal(stdout, '');
    });
  }

  // The frameworks' own declarations have errors that are not ours to find.
  for (const [project, file] of [
    ['a bundler', 'adapters'],
    ['Node, ES modules and CommonJS', 'adapters-node'],
  ] as const) {
    it(`of the adapters go with those of the frameworks, in a project for ${project}`, async () => {
      const config = fileURLToPath(new URL(`types/tsconfig.${file}.json`, import.meta.url));
      const found = await run(process.execPath, [tsc, '-p', config], { cwd: root }).catch((error) => error);
      const { stdout, stderr } = found as { stdout: string; stderr: string };
      assert.equal(stderr, '');
      const errors = stdout.split(/\n(?=\S)/).filter((error) => !/^(\w+\/)?node_modules\//.test(error));
      assert.deepEqual(errors, stdout === '' ? [''] : []);
    });
  }
});
