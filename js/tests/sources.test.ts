import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const dist = new URL('../../pkg/dist/', import.meta.url);
/** All but the command line, which is a program for Node and no library. */
const scripts = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /^(?!cli\/).*\.js$/.test(name),
);
const textOf = (name: string): string => readFileSync(new URL(name, dist), 'utf8');
const imports = (text: string): string[] =>
  Array.from(
    text.matchAll(/^(?:import|export)\b\s*(?:[\w*{},\s$]+?from )?['"]([^'"]+)['"];$/gm),
    ([, name]) => name ?? '',
  );

/** Adapters that need their framework at run time; the others take its types only. */
const ADAPTERS: Readonly<Record<string, readonly string[]>> = {
  'nest.js': ['@nestjs/common'],
  'react/components.js': ['react', 'scopegate/claims'],
  'react/token-access.js': ['scopegate/claims'],
};

describe('the published scripts', () => {
  it('import nothing but each other, Node only in its own entry, and a framework only in its adapter', () => {
    assert.ok(scripts.length > 20);
    for (const name of scripts) {
      const foreign = imports(textOf(name)).filter((specifier) => !specifier.startsWith('.'));
      const allowed = /^entry\/(\w+\/)?node-module\.js$/.test(name) ? ['node:fs'] : (ADAPTERS[name] ?? []);
      assert.deepEqual(foreign, allowed, name);
    }
  });

  it('reach the core from the entries only, so that adapters share it', () => {
    for (const name of scripts.filter((name) => !name.startsWith('entry/') && !name.startsWith('glue/'))) {
      assert.ok(!imports(textOf(name)).some((specifier) => /glue|\.wasm|entry\//.test(specifier)), name);
    }
  });

  it('know nothing of the command line, which imports nothing foreign either', () => {
    for (const name of scripts) assert.ok(!imports(textOf(name)).some((specifier) => specifier.includes('cli/')), name);
    const program = readdirSync(new URL('cli/', dist), { recursive: true, encoding: 'utf8' });
    for (const name of program.filter((name) => name.endsWith('.js'))) {
      for (const specifier of imports(textOf(`cli/${name}`))) assert.match(specifier, /^(\.|node:)/, name);
    }
  });

  it('write nothing to the console', () => {
    for (const name of scripts.filter((name) => !name.startsWith('glue/')))
      assert.ok(!/console\./.test(textOf(name)), name);
  });
});
