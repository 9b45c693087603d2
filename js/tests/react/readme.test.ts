import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { codeAfter } from '../support/readme.ts';

const root = new URL('../../../', import.meta.url);
const tsc = fileURLToPath(
  new URL('bin/tsc', `file://${createRequire(import.meta.url).resolve('typescript/package.json')}`),
);

describe('the README’s page in React', () => {
  mkdirSync(new URL('target/', root), { recursive: true });
  const directory = mkdtempSync(fileURLToPath(new URL('target/readme-', root)));
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('compiles, beside the types of @logto/react', async () => {
    const config = {
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        lib: ['ES2022', 'DOM', 'DOM.Iterable'],
        module: 'ESNext',
        moduleResolution: 'Bundler',
        jsx: 'react-jsx',
        types: [],
        noEmit: true,
      },
      files: ['page.tsx'],
    };
    writeFileSync(`${directory}/page.tsx`, codeAfter('quickstart: react', {}));
    writeFileSync(`${directory}/tsconfig.json`, JSON.stringify(config));
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [tsc, '-p', directory]).catch((error) => error);
    assert.equal(stdout, '');
  });
});
