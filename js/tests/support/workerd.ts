import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const workerd = createRequire(import.meta.url)('workerd') as { default: string; compatibilityDate: string };

export interface Workerd {
  readonly url: string;
  stop(): Promise<void>;
}

/** What this workerd knows at the latest. */
export const { compatibilityDate } = workerd;

/** Bundles a Worker as wrangler does, into `worker.js` and the WebAssembly modules beside it. */
export async function bundleWorker(worker: URL, directory: string): Promise<void> {
  await build({
    entryPoints: { worker: fileURLToPath(worker) },
    outdir: directory,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    // workerd compiles no bytes: the module has to be part of its configuration, under the name it is imported by.
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    logLevel: 'error',
  });
}

/** Bundles a Worker, and runs it in the real workerd on loopback. */
export async function startWorkerd(
  worker: URL,
  bindings: Record<string, string>,
  date: string,
  flags: readonly string[] = [],
): Promise<Workerd> {
  const directory = mkdtempSync(join(tmpdir(), 'scopegate-workerd-'));
  await bundleWorker(worker, directory);
  writeFileSync(join(directory, 'config.capnp'), config(directory, bindings, date, flags));
  const child = spawn(workerd.default, ['serve', 'config.capnp', '--control-fd=3', '--socket-addr=http=127.0.0.1:0'], {
    cwd: directory,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const stopped = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = (): Promise<void> => {
    child.kill('SIGKILL');
    return stopped.then(() => rmSync(directory, { recursive: true, force: true }));
  };
  try {
    return { url: `http://127.0.0.1:${await portOf(child)}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function config(directory: string, bindings: Record<string, string>, date: string, flags: readonly string[]): string {
  const modules = readdirSync(directory).map((name) => {
    const kind = name.endsWith('.wasm') ? 'wasm' : 'esModule';
    return `(name = "${kind === 'wasm' ? './' : ''}${name}", ${kind} = embed "${name}")`;
  });
  // The entry comes first.
  modules.sort((a) => (a.includes('worker.js') ? -1 : 1));
  const values = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  bindings = [${values.join(', ')}],
  compatibilityDate = "${date}",
  compatibilityFlags = ${JSON.stringify(flags)},
);
`;
}

/** workerd reports the port it got, a line of JSON for each socket. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`workerd ended with status ${code} before it listened`)));
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      const message = JSON.parse(line) as { event: string; port: number };
      if (message.event === 'listen') resolve(message.port);
    });
  });
}
