import { type ChildProcess, spawn } from 'node:child_process';

/** A program to run, as `spawn` takes it. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Nothing here may call home, paint its output, or find out that this is CI and behave differently. */
const QUIET = {
  CI: '',
  DENO_NO_UPDATE_CHECK: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  NO_COLOR: '1',
  WRANGLER_SEND_METRICS: 'false',
};

/** What a program printed; an error with all of it when it fails. */
export function output(command: Command, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = start(command);
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        printed[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(printed.stdout);
      else reject(new Error(`${title(command)} ended with status ${code}\n${printed.stdout}\n${printed.stderr}`));
    });
    // A program that ends early says why by itself.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/** A server, once it has printed where it listens. */
export interface Served {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server that prints its URL. It leads a group of processes, which ends as a whole. */
export function serve(command: Command): Promise<Served> {
  const child = start(command, true);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
    await closed;
  };
  // However this process ends.
  process.once('exit', () => void stop());
  return new Promise((resolve, reject) => {
    let printed = '';
    const look = (text: string): void => {
      printed += text;
      const port = /http:\/\/[^\s/]+:(\d+)/.exec(printed)?.[1];
      if (port !== undefined) resolve({ url: `http://127.0.0.1:${port}`, stop });
    };
    child.stdout?.setEncoding('utf8').on('data', look);
    child.stderr?.setEncoding('utf8').on('data', look);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`${title(command)} ended with status ${code}\n${printed}`)));
    child.stdin?.end();
  });
}

function start({ file, args, cwd, env = {} }: Command, detached = false): ChildProcess {
  return spawn(file, args, { cwd, env: { ...process.env, ...QUIET, ...env }, detached });
}

function title({ file, args }: Command): string {
  return [file, ...args].join(' ');
}
