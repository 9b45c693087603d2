/** Next.js with each of its bundlers: a route handler on Node, one on the edge, and a middleware, in one application. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, Judgements } from '../host.ts';
import { output, type Served, serve } from '../process.ts';
import { bin, root, type Site } from '../site.ts';
import { pin } from '../versions.ts';
import { judgeServer } from './edges.ts';

const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'application', private: true, type: 'module' }),
  // The package is found in node_modules above, as in a monorepo; so the root has to be named.
  'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(root)} }, outputFileTracingRoot: ${JSON.stringify(root)} };\n`,
  'app/layout.js': `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
`,
  'app/node/route.js': `import { judgeBuilds } from '../../page.mjs';

export async function POST(request) {
  return Response.json(await judgeBuilds(await request.json()));
}
`,
  // Among the pages, because Next.js 16 with webpack builds no route handler for the edge, whatever is in it.
  'pages/api/edge.js': `import { judgeBuilds } from '../../page.mjs';

export const config = { runtime: 'edge' };

export default async function handler(request) {
  return Response.json(await judgeBuilds(await request.json()));
}
`,
  'middleware.js': `import { judgeBuilds } from './page.mjs';

export const config = { matcher: '/middleware' };

export async function middleware(request) {
  return Response.json(await judgeBuilds(await request.json()));
}
`,
};

/** Where the application answers, by what answers there. */
const PLACES = { 'route handler': '/node', 'edge API route': '/api/edge', middleware: '/middleware' } as const;

/** Builds and starts the application once, for all rows of one bundler. */
function application(bundler: 'turbopack' | 'webpack'): (site: Site, path: string) => Promise<Judgements> {
  let starting: Promise<Served> | undefined;
  return async (site, path) => {
    starting ??= start(site, bundler);
    return judgeServer(site, `${(await starting).url}${path}`);
  };
}

async function start(site: Site, bundler: string): Promise<Served> {
  const cwd = await site.project('page.mjs');
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(cwd, path, '..'), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  const file = bin('next');
  await output({ file, args: ['build', `--${bundler}`], cwd });
  const server = await serve({ file, args: ['start', '--hostname=127.0.0.1', '--port=0'], cwd });
  site.beforeRemoval(server.stop);
  return server;
}

export const NEXT: readonly Host[] = (['turbopack', 'webpack'] as const).flatMap((bundler) => {
  const judge = application(bundler);
  return Object.entries(PLACES).map(([name, path]) => ({
    name: `Next.js, ${name} (${bundler})`,
    on: pin('next', 'Next.js'),
    judge: (site: Site) => judge(site, path),
  }));
});
