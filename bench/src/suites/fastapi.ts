/** Requests per second of a FastAPI API behind uvicorn. */

import { pythonCommand } from '../hosts/python.ts';
import type { Context } from './context.ts';
import { measureServers } from './servers.ts';

export async function fastapi(context: Context): Promise<void> {
  if (!context.hosts.includes('python')) return;
  await measureServers(context, {
    suite: 'fastapi',
    host: 'python',
    guards: ['none', 'scopegate', 'fastapi+python-jose'],
    quickSeconds: 1.2,
    start: (guard, tenant) => pythonCommand('server.py', [guard, JSON.stringify(tenant)]),
  });
}
