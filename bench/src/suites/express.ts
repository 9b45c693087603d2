/** Requests per second of an Express API, over real HTTP on loopback. */

import { fileURLToPath } from 'node:url';
import { GUARDS, type GuardName, type Tenant } from '../express/guards.ts';
import { serveJwks } from '../express/jwks-server.ts';
import { load } from '../express/load.ts';
import { confined, moveTo, type Processors, processors } from '../hosts/affinity.ts';
import { command } from '../hosts/command.ts';
import { type Server, serve } from '../hosts/process.ts';
import { median, type Result } from '../records.ts';
import { AUDIENCE, ISSUER, issueMany, makeKey } from '../tokens.ts';
import type { Context } from './context.ts';

const ALGORITHMS = ['ES384', 'RS256'];

const server = fileURLToPath(new URL('../express/server.ts', import.meta.url));

type Servers = ReadonlyMap<GuardName, Server>;

export async function express(context: Context): Promise<void> {
  if (!context.hosts.includes('node')) return;
  const all = await processors();
  for (const algorithm of ALGORITHMS.filter((name) => context.algorithms.includes(name))) {
    const key = await makeKey(algorithm);
    const tokens = await issueMany(key, context.quick ? 64 : 4 * context.pool);
    const jwks = await serveJwks([key.jwk]);
    const tenant = { issuer: ISSUER, audience: AUDIENCE, jwksUri: jwks.uri, alg: key.algorithm.alg };
    const distinct = { algorithm, kind: 'distinct', tokens } as const;
    const repeated = { algorithm, kind: 'repeated', tokens: tokens.slice(0, 1) } as const;
    try {
      // The last processor is the server's; the load comes from the others.
      if (all !== undefined) await moveTo(all.slice(0, -1));
      await withServers(context, tenant, all?.slice(-1), async (servers) => {
        await measure(context, distinct, servers, all !== undefined);
        await measure(context, repeated, servers, all !== undefined);
      });
      if (all === undefined) continue;
      await moveTo(all);
      await withServers(context, tenant, undefined, (servers) => measure(context, distinct, servers, false));
    } finally {
      jwks.stop();
      if (all !== undefined) await moveTo(all);
    }
  }
}

/** One server for each guard, all at once: those that are not asked cost nothing. */
async function withServers(
  context: Context,
  tenant: Tenant,
  where: Processors | undefined,
  use: (servers: Servers) => Promise<void>,
): Promise<void> {
  const servers = new Map<GuardName, Server>();
  try {
    for (const name of context.wanted(Object.keys(GUARDS) as GuardName[])) {
      const start = command('node', server, [name, JSON.stringify(tenant)]);
      const production = { ...start, env: { ...start.env, NODE_ENV: 'production' } };
      const placed = where === undefined ? production : confined(production, where);
      servers.set(name, await serve(placed, /listening on (\d+)\./));
    }
    await use(servers);
  } finally {
    await Promise.all([...servers.values()].map((running) => running.stop()));
  }
}

async function measure(
  context: Context,
  { algorithm, kind, tokens }: { algorithm: string; kind: 'distinct' | 'repeated'; tokens: readonly string[] },
  servers: Servers,
  pinned: boolean,
): Promise<void> {
  context.say(`${algorithm}, ${kind} tokens${pinned ? ', one processor' : ''}`);
  const seconds = context.quick ? 0.3 : 1.5;
  const rates = new Map<GuardName, number[]>([...servers.keys()].map((name) => [name, []]));
  const rounds = context.rounds(9);
  for (let round = -1; round < rounds; round++) {
    for (const [name, { announced: port }] of servers) {
      const rate = await load(`http://127.0.0.1:${port}/posts`, tokens, seconds);
      // The round before the first is the warm-up.
      if (round >= 0) rates.get(name)?.push(rate);
    }
  }
  for (const [subject, values] of rates) {
    const figures = { per_second: Math.round(median(values)), rounds, tokens: kind, pinned } satisfies Partial<Result>;
    context.record({ suite: 'express', host: 'node', algorithm, subject, ...figures });
  }
}
