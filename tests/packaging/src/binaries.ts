import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

export const deno = (): string => platformBinary('deno', 'deno');
export const bun = (): string => platformBinary('bun', 'bin/bun');

/** The binary in the package for this platform: the launchers of the packages themselves need install scripts. */
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
