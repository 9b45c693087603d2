/** Requests per second of an Express API. */

import { fileURLToPath } from 'node:url';
import { GUARDS, type GuardName } from '../express/guards.ts';
import { command } from '../hosts/command.ts';
import type { Context } from './context.ts';
import { measureServers } from './servers.ts';

const server = fileURLToPath(new URL('../express/server.ts', import.meta.url));

export async function express(context: Context): Promise<void> {
  if (!context.hosts.includes('node')) return;
  await measureServers(context, {
    suite: 'express',
    host: 'node',
    guards: Object.keys(GUARDS) as GuardName[],
    quickSeconds: 0.3,
    start: (guard, tenant) => {
      const start = command('node', server, [guard, JSON.stringify(tenant)]);
      return { ...start, env: { ...start.env, NODE_ENV: 'production' } };
    },
  });
}
