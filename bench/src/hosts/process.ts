/** Child processes: started, listened to, and stopped. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Command } from './command.ts';

/** A process that serves until it is stopped. */
export interface Server {
  /** What it announced. */
  announced: string;
  stop: () => Promise<void>;
}

/**
 * Runs a command to its end.
 *
 * @returns its standard output.
 * @throws when it fails, with its standard error.
 */
export async function output(command: Command): Promise<string> {
  const child = start(command);
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command.file} ${command.args.join(' ')} failed:\n${err()}`);
  return out();
}

/** Starts a command, and waits until `announcement` finds what it looks for in a line of the standard output. */
export async function serve(command: Command, announcement: RegExp): Promise<Server> {
  const child = start(command);
  const err = collect(child.stderr);
  const announced = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      const found = announcement.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`${command.file} ended early:\n${err()}`)));
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  };
  return { announced, stop };
}

function start({ file, args, env }: Command): ChildProcess {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('close', () => process.removeListener('exit', end));
  return child;
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}
