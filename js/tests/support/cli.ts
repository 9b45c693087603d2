import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pkg = new URL('../../../pkg/', import.meta.url);
const { bin } = JSON.parse(readFileSync(new URL('package.json', pkg), 'utf8')) as { bin: { scopegate: string } };

/** The package's directory. */
export const PACKAGE = fileURLToPath(pkg);

/** The program, as the package declares it. */
export const PROGRAM = fileURLToPath(new URL(bin.scopegate, pkg));

/** What a run left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end; this process goes on serving meanwhile. */
export function run(
  command: string,
  args: readonly string[],
  { input = '', env = {} }: RunOptions = {},
): Promise<Finished> {
  const { NO_COLOR: _, NODE_OPTIONS: __, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...inherited, ...env } });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
    // A program that ends without reading its input closes the pipe.
    child.stdin.on('error', () => undefined).end(input);
  });
}

/** Runs the command line. */
export function scopegate(args: readonly string[], options?: RunOptions): Promise<Finished> {
  return run(process.execPath, [PROGRAM, ...args], options);
}
