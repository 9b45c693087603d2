/** Child processes that do not outlive us: not after an orderly end, not after a crash, not after `kill -9`. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A server to start. */
export interface ServerCommand {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Reads the server's address from a line of its standard output or of file descriptor 3; undefined for other lines. */
  addressIn: (line: string) => string | undefined;
}

/** A server that listens. */
export interface RunningServer {
  /** Base address without a trailing slash. */
  readonly url: string;
  /** Ends the process; resolves when it is gone. */
  stop(): Promise<void>;
}

const START_TIMEOUT = 30_000;
const STOP_TIMEOUT = 3_000;

const children = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
});

/** Starts a server and waits until it says where it listens. */
export async function startServer({ command, args, cwd, env, addressIn }: ServerCommand): Promise<RunningServer> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  guard(child);
  try {
    const url = await announcedAddress(child, addressIn);
    return { url, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw new Error(`${command} ${args.join(' ')}: ${(error as Error).message}`);
  }
}

/** Runs a program to its end; rejects when it fails. */
export async function run(command: string, args: string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  guard(child);
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed`);
  }
}

function announcedAddress(child: ChildProcess, addressIn: ServerCommand['addressIn']): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('did not start in time')), START_TIMEOUT);
    const settle = (action: () => void) => {
      clearTimeout(timer);
      action();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (status) => settle(() => reject(new Error(`ended with status ${status} before it listened`))));
    for (const stream of [child.stdout, child.stdio[3] as Readable]) {
      if (stream !== null) {
        createInterface(stream).on('line', (line) => {
          const address = addressIn(line);
          if (address !== undefined) {
            settle(() => resolve(address));
          }
        });
      }
    }
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
  await exited;
  clearTimeout(timer);
}

function guard(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
  watchdog ??= startWatchdog();
  if (child.pid !== undefined) {
    watchdog?.write(`${child.pid}\n`);
  }
}

let watchdog: NodeJS.WritableStream | null | undefined;

/**
 * `exit` handlers do not run when we are killed outright. A shell that holds the other end of a pipe notices and kills
 * the children whose ids it was told. On Windows there is no such shell, and no watchdog.
 */
function startWatchdog(): NodeJS.WritableStream | null {
  if (process.platform === 'win32') {
    return null;
  }
  const script = 'trap "" INT TERM; while read -r pid; do pids="$pids $pid"; done; kill -9 $pids 2>/dev/null';
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  process.on('exit', () => shell.kill('SIGKILL'));
  return shell.stdin;
}
