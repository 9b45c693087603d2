import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './site.ts';

type Manifest = Record<'dependencies' | 'devDependencies' | 'engines', Record<string, string>>;

const read = (path: string): Manifest => JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
/** Of whoever starts the program: the benchmark's runtimes and the other tests' workerd serve here, too. */
const pinned = {
  ...read('bench/package.json').dependencies,
  ...read('js/package.json').devDependencies,
  ...read('package.json').devDependencies,
  ...read('tests/packaging/package.json').devDependencies,
};

/** The version that is pinned, after a name to show. */
export function pin(name: string, label = name): string {
  const version = pinned[name];
  if (version === undefined) throw new Error(`not pinned: ${name}`);
  return `${label} ${version}`;
}

/** The versions of Node.js that the package declares. It is tested on the one that runs this. */
export const NODE = `Node.js ${read('pkg/package.json').engines.node}`;
