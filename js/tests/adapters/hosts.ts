// Where the conformance suite runs: each adapter on the real framework and the real runtime it is for.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import express5 from 'express';
import { type Command, command } from '../../../bench/src/hosts/command.ts';
import { serve as start } from '../../../bench/src/hosts/process.ts';
import type { TestServer } from '../support/http.ts';
import { compatibilityDate, startWorkerd } from '../support/workerd.ts';
import { type Api, TENANT, type Tenant } from './api.ts';
import { startNext } from './next.ts';
import * as express from './servers/express.ts';
import * as fastify from './servers/fastify.ts';
import * as hapi from './servers/hapi.ts';
import * as hono from './servers/hono.ts';
import * as koa from './servers/koa.ts';

const { default: express4 } = (await import('express4' as string)) as { default: typeof express5 };

/** A way to serve the API. */
export interface Host {
  /** The adapter's subpath. */
  readonly adapter: string;
  readonly name: string;
  /** The package or packages that say the version, as in js/package.json. */
  readonly versions: readonly string[];
  start(api: Api, tenant: Tenant): Promise<Pick<TestServer, 'url' | 'close'>>;
}

/** Starts a script that prints its address. */
async function script({ file, args, env }: Command, tenant: Tenant): Promise<Pick<TestServer, 'url' | 'close'>> {
  const server = await start({ file, args, env: { ...env, [TENANT]: JSON.stringify(tenant) } }, /^(http\S+)$/m);
  return { url: server.announced.replace('[::1]', '127.0.0.1'), close: server.stop };
}

const path = (name: string): string => fileURLToPath(new URL(`servers/${name}`, import.meta.url));

const nest = (platform: string, tenant: Tenant) => {
  const { file, args } = command('node', path('nest.ts'), [platform]);
  return script({ file, args, env: { TSX_TSCONFIG_PATH: path('../../../tsconfig.json') } }, tenant);
};

export const HOSTS: readonly Host[] = [
  { adapter: 'express', name: 'Express 5', versions: ['express'], start: (api) => express.serve(express5, api) },
  { adapter: 'express', name: 'Express 4', versions: ['express4'], start: (api) => express.serve(express4, api) },
  { adapter: 'fastify', name: 'Fastify', versions: ['fastify'], start: (api) => fastify.serve(api) },
  { adapter: 'koa', name: 'Koa', versions: ['koa'], start: (api) => koa.serve(api) },
  { adapter: 'hono', name: 'Hono', versions: ['hono'], start: (api) => hono.serve(api) },
  { adapter: 'hapi', name: 'hapi', versions: ['@hapi/hapi'], start: (api) => hapi.serve(api) },
  {
    adapter: 'nest',
    name: 'NestJS on Express',
    versions: ['@nestjs/core', '@nestjs/platform-express'],
    start: (_api, tenant) => nest('express', tenant),
  },
  {
    adapter: 'nest',
    name: 'NestJS on Fastify',
    versions: ['@nestjs/core', '@nestjs/platform-fastify'],
    start: (_api, tenant) => nest('fastify', tenant),
  },
  {
    adapter: 'next',
    name: 'Next.js',
    versions: ['next'],
    start: (_api, tenant) =>
      startNext(new URL('./', import.meta.url), 'servers/next', { [TENANT]: JSON.stringify(tenant) }),
  },
  {
    adapter: 'workers',
    name: 'Workers (workerd)',
    versions: ['workerd'],
    start: async (_api, tenant) => {
      const worker = new URL('servers/worker.ts', import.meta.url);
      const { url, stop } = await startWorkerd(worker, { [TENANT]: JSON.stringify(tenant) }, compatibilityDate);
      return { url, close: stop };
    },
  },
  {
    adapter: 'workers',
    name: 'Deno.serve',
    versions: ['deno'],
    start: (_api, tenant) => script(command('deno', path('deno.ts'), []), tenant),
  },
  {
    adapter: 'workers',
    name: 'Bun.serve',
    versions: ['bun'],
    start: (_api, tenant) => script(command('bun', path('bun.ts'), []), tenant),
  },
];

const require = createRequire(import.meta.url);

/** The version of a package that the suite runs with. */
export function versionOf(name: string): string {
  const manifest = require.resolve.paths(name)?.map((directory) => `${directory}/${name}/package.json`) ?? [];
  for (const file of manifest) {
    try {
      return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    } catch {
      // Not in this node_modules.
    }
  }
  throw new Error(`${name} is not installed`);
}
