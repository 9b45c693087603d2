/** How each runtime starts a TypeScript or JavaScript file that finds its packages in node_modules/. */

import type { JavaScriptHost } from '../records.ts';
import { bun, deno } from './binaries.ts';

export interface Command {
  file: string;
  args: string[];
  env: Record<string, string>;
}

/** Runtimes that are started with a file. */
export type ScriptHost = Exclude<JavaScriptHost, 'workerd'>;

const DENO_FLAGS = ['--quiet', '--allow-all', '--no-lock', '--no-remote', '--node-modules-dir=manual'];

export function command(host: ScriptHost, script: string, args: readonly string[]): Command {
  switch (host) {
    case 'node': {
      const loader = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
      return { file: process.execPath, args: [...loader, script, ...args], env: {} };
    }
    case 'deno':
      return { file: deno(), args: ['run', ...DENO_FLAGS, script, ...args], env: { DENO_NO_UPDATE_CHECK: '1' } };
    case 'bun':
      return { file: bun(), args: ['run', '--no-install', script, ...args], env: { DO_NOT_TRACK: '1' } };
  }
}
