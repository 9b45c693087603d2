/** Where the runtimes are: real binaries, from npm. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import workerd from 'workerd';

const require = createRequire(import.meta.url);
const suffix = process.platform === 'win32' ? '.exe' : '';

export const deno = (): string => platformBinary('deno', `deno${suffix}`);
export const bun = (): string => platformBinary('bun', `bin/bun${suffix}`);
export const workerdBinary = (): string => workerd.default;

/**
 * The binary in the package for this platform: npm installs that one of the optional dependencies. The launchers of the
 * packages themselves need install scripts.
 */
function platformBinary(name: string, path: string): string {
  const manifest = require(`${name}/package.json`) as { optionalDependencies: Record<string, string> };
  for (const candidate of Object.keys(manifest.optionalDependencies)) {
    try {
      return join(dirname(require.resolve(`${candidate}/package.json`)), path);
    } catch {
      // Of another platform.
    }
  }
  throw new Error(`no ${name} is installed for ${process.platform} ${process.arch}`);
}
