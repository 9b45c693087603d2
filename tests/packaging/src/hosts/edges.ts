/** Hosts that compile no bytes: the module comes to them as a file of its own. */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { EdgeRuntime, runServer } from 'edge-runtime';
import { build, type Plugin } from 'esbuild';
import { compatibilityDate, startWorkerd } from '../../../../js/tests/support/workerd.ts';
import { documentedCore } from '../documented.ts';
import type { Host, Judgements } from '../host.ts';
import { serve } from '../process.ts';
import { bin, type Site } from '../site.ts';
import { pin } from '../versions.ts';

/**
 * Hands a server the vectors, and reads the outcome. Over a connection of its own: one that is kept may be closed by a
 * server which is too busy to see that it is in use again.
 */
export async function judgeServer(site: Site, url: string): Promise<Judgements> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method: 'POST', agent: false }, resolve).once('error', reject).end(site.vectors);
  });
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}: ${answer}`);
  return JSON.parse(answer) as Judgements;
}

async function workerProject(site: Site): Promise<string> {
  const project = await site.project('worker.mjs');
  await writeFile(join(project, 'core.mjs'), documentedCore('Workers'));
  return project;
}

/** workerd alone. Since 2026 it has Node's modules and globals unless told otherwise; before, it had to be told. */
const workerd = (name: string, date: string, flags: readonly string[]): Host => ({
  name,
  on: pin('workerd'),
  async judge(site) {
    const worker = pathToFileURL(join(await workerProject(site), 'worker.mjs'));
    const server = await startWorkerd(worker, {}, date, flags);
    try {
      return await judgeServer(site, server.url);
    } finally {
      await server.stop();
    }
  },
});

const wrangler: Host = {
  name: 'Cloudflare Workers, `wrangler dev`',
  on: pin('wrangler'),
  async judge(site) {
    const project = await workerProject(site);
    const config = { name: 'worker', main: 'worker.mjs', compatibility_date: '2026-01-01' };
    await writeFile(join(project, 'wrangler.json'), JSON.stringify(config));
    const flags = ['--ip=127.0.0.1', '--port=0', '--inspector-port=0', '--show-interactive-dev-session=false'];
    const server = await serve({ file: bin('wrangler'), args: ['dev', ...flags], cwd: project });
    try {
      return await judgeServer(site, server.url);
    } finally {
      await server.stop();
    }
  },
};

/** What Vercel's builders make of `import … from 'x.wasm?module'`: the name of a variable that the host defines. */
function edgeModules(found: Record<string, WebAssembly.Module>): Plugin {
  return {
    name: 'edge-modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => {
        return { path: join(resolveDir, path.replace('?module', '')), namespace: 'edge-module' };
      });
      onLoad({ filter: /.*/, namespace: 'edge-module' }, async ({ path }) => {
        const bytes = await readFile(path);
        const name = `wasm_${createHash('sha256').update(bytes).digest('hex')}`;
        found[name] = new WebAssembly.Module(bytes);
        return { contents: `export default ${name};` };
      });
    },
  };
}

const edgeRuntime: Host = {
  name: 'Vercel Edge, `edge-runtime`',
  on: pin('edge-runtime'),
  async judge(site) {
    const modules: Record<string, WebAssembly.Module> = {};
    const bundled = await build({
      entryPoints: [join(await site.project('edge.mjs'), 'edge.mjs')],
      bundle: true,
      write: false,
      format: 'esm',
      conditions: ['edge-light', 'worker', 'browser'],
      plugins: [edgeModules(modules)],
      logLevel: 'error',
    });
    const runtime = new EdgeRuntime({
      initialCode: bundled.outputFiles[0]?.text ?? '',
      extend: (context) => Object.assign(context, modules),
    });
    const server = await runServer({ runtime, host: '127.0.0.1', port: 0 });
    try {
      return await judgeServer(site, server.url);
    } finally {
      await server.close();
    }
  },
};

export const EDGES: readonly Host[] = [
  wrangler,
  workerd('workerd', compatibilityDate, []),
  workerd('workerd of 2024, without Node.js modules', '2024-01-01', []),
  workerd('workerd of 2024, `nodejs_compat`', '2024-01-01', ['nodejs_compat']),
  edgeRuntime,
];
