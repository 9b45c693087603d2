import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
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
});
