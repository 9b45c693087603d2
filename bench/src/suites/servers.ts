/** Requests per second of a server in a process of its own, over real HTTP on loopback. */

import { serveJwks } from '../express/jwks-server.ts';
import { load } from '../express/load.ts';
import { confined, moveTo, type Processors, processors } from '../hosts/affinity.ts';
import type { Command } from '../hosts/command.ts';
import { type Server, serve } from '../hosts/process.ts';
import { median, type Result, type SubjectName } from '../records.ts';
import { AUDIENCE, ISSUER, issueMany, makeKey } from '../tokens.ts';
import type { Context } from './context.ts';

const ALGORITHMS = ['ES384', 'RS256'];

/** Whose tokens a server takes. */
export interface Tenant {
  issuer: string;
  audience: string;
  jwksUri: string;
  /** The algorithm the issuer signs with. */
  alg: string;
}

/** A server behind one guard of several. */
export interface Served<Guard extends SubjectName> {
  suite: 'express' | 'fastapi';
  host: 'node' | 'python';
  guards: readonly Guard[];
  /** How long each is asked in a smoke run: the slowest has to answer at all. */
  quickSeconds: number;
  /** How one is started; it announces its port as `listening on 8080.` */
  start: (guard: Guard, tenant: Tenant) => Command;
}

type Servers<Guard> = ReadonlyMap<Guard, Server>;

export async function measureServers<Guard extends SubjectName>(
  context: Context,
  served: Served<Guard>,
): Promise<void> {
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
      await withServers(context, served, tenant, all?.slice(-1), async (servers) => {
        await measure(context, served, distinct, servers, all !== undefined);
        await measure(context, served, repeated, servers, all !== undefined);
      });
      if (all === undefined) continue;
      await moveTo(all);
      await withServers(context, served, tenant, undefined, (servers) =>
        measure(context, served, distinct, servers, false),
      );
    } finally {
      jwks.stop();
      if (all !== undefined) await moveTo(all);
    }
  }
}

/** One server for each guard, all at once: those that are not asked cost nothing. */
async function withServers<Guard extends SubjectName>(
  context: Context,
  { guards, start }: Served<Guard>,
  tenant: Tenant,
  where: Processors | undefined,
  use: (servers: Servers<Guard>) => Promise<void>,
): Promise<void> {
  const servers = new Map<Guard, Server>();
  try {
    for (const name of context.wanted(guards)) {
      const command = start(name, tenant);
      const placed = where === undefined ? command : confined(command, where);
      servers.set(name, await serve(placed, /listening on (\d+)\./));
    }
    await use(servers);
  } finally {
    await Promise.all([...servers.values()].map((running) => running.stop()));
  }
}

async function measure<Guard extends SubjectName>(
  context: Context,
  { suite, host, quickSeconds }: Served<Guard>,
  { algorithm, kind, tokens }: { algorithm: string; kind: 'distinct' | 'repeated'; tokens: readonly string[] },
  servers: Servers<Guard>,
  pinned: boolean,
): Promise<void> {
  context.say(`${algorithm}, ${kind} tokens${pinned ? ', one processor' : ''}`);
  const seconds = context.quick ? quickSeconds : 1.5;
  const rates = new Map<Guard, number[]>([...servers.keys()].map((name) => [name, []]));
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
    context.record({ suite, host, algorithm, subject, ...figures });
  }
}
