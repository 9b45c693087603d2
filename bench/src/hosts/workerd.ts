/** workerd as a server on loopback. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import workerd from 'workerd';
import { workerdBinary } from './binaries.ts';
import { type Server, serve } from './process.ts';

/** Starts a worker made of `files` in `directory`, the script first; `announced` is its address. */
export async function startWorkerd(directory: string, files: readonly string[]): Promise<Server> {
  const modules = files.map((name) => `(name = "${name}", ${kindOf(name)} = embed "${name}")`);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  compatibilityDate = "${workerd.compatibilityDate}",
  compatibilityFlags = ["nodejs_compat"],
  modules = [${modules.join(', ')}],
);
`;
  const path = join(directory, 'config.capnp');
  await writeFile(path, config);
  const server = await serve(
    { file: workerdBinary(), args: ['serve', path, '--control-fd=1'], env: {} },
    /"event":"listen".*"port":(\d+)/,
  );
  return { ...server, announced: `http://127.0.0.1:${server.announced}` };
}

function kindOf(file: string): string {
  return file.endsWith('.wasm') ? 'wasm' : 'esModule';
}
