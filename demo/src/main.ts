/**
 * The blog API of Logto's tutorial on every host, in front of a Logto-like issuer.
 *
 *     node --import tsx demo/src/main.ts            stays up until Ctrl-C
 *     node --import tsx demo/src/main.ts --check    tries who may do what, prints one table, exits with 0 or 1
 */

import { parseArgs } from 'node:util';
import { createIssuer, type Issuer } from '@scopegate/issuer';
import { check } from './check.ts';
import { express, HOSTS, type Host } from './hosts.ts';
import { type Page, serveBlog, serveInspector } from './pages.ts';
import type { RunningServer } from './processes.ts';
import { present } from './serve.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const interrupted = new Promise<void>((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});

const issuer = await createIssuer();
const servers = new Map<Host, RunningServer>();
const pages: Page[] = [];
try {
  await startHosts(issuer);
  if (values.check) {
    const finished = check(issuer, servers);
    const right = await Promise.race([finished, interrupted.then(() => false)]);
    process.exitCode = right ? 0 : 1;
  } else {
    pages.push(await serveBlog(issuer, servers.get(express)?.url ?? ''), await serveInspector());
    const remove = await present(issuer, servers, pages);
    await interrupted;
    await remove();
  }
} finally {
  await Promise.all([...pages, ...servers.values()].map((server) => server.stop()));
  await issuer.stop();
}
// A check that was interrupted may still be waiting for an answer.
process.exit();

async function startHosts(trusted: Issuer): Promise<void> {
  await Promise.all(
    HOSTS.map(async (host) => {
      await host.prepare?.();
      servers.set(host, await host.start(trusted));
    }),
  );
}
