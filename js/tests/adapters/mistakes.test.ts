// What an adapter refuses when it is made, so that no request has to find it out.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import 'reflect-metadata';
import Hapi from '@hapi/hapi';
import fastify from 'fastify';
import { allOf, anyOf, createVerifier } from 'scopegate';
import { scopegate } from 'scopegate/fastify';
import { refusal } from '../support/refusal.ts';
import { AUDIENCE, Clock, ENDPOINT, jwks } from '../support/tenant.ts';

const verifier = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: new Clock().now });

/** What the adapters have in common, by name; those for Fetch handlers wrap one. */
const ADAPTERS = ['express', 'fastify', 'hapi', 'hono', 'koa', 'nest', 'next', 'workers'];
const WRAPPING = ['next', 'workers'];
const handler = (): Response => new Response();

type Function = (...args: unknown[]) => unknown;

async function adapter(name: string): Promise<{ requireAuth: Function; requireScopes: Function }> {
  const module = (await import(`scopegate/${name}`)) as Record<string, Function>;
  const { requireAuth, requireScopes = module.RequireScopes } = module;
  assert.ok(requireAuth !== undefined && requireScopes !== undefined);
  if (!WRAPPING.includes(name)) {
    // A decorator demands them of a class.
    const demand = (...scopes: unknown[]) => {
      const made = requireScopes(...scopes) as (target: object) => unknown;
      return name === 'nest' ? made(class {}) : made;
    };
    return { requireAuth, requireScopes: demand };
  }
  return {
    requireAuth: (given, ...options) => requireAuth(given, handler, ...options),
    requireScopes: (...scopes) => requireScopes(scopes.length === 1 ? scopes[0] : scopes, handler),
  };
}

let deep: unknown = 'a';
for (let depth = 0; depth < 17; depth++) deep = [deep];

for (const name of ADAPTERS) {
  describe(`scopegate/${name}`, () => {
    const wrong: unknown[][] = [
      [],
      [undefined],
      [null],
      [''],
      [[]],
      ['a b'],
      ['a\u0085b'],
      [{}],
      [5],
      ['a', ''],
      ['a', undefined],
      [['a', []]],
      [{ anyOf: [] }],
      [{ anyOf: 'a' }],
      [{ oneOf: ['a'] }],
      [{ anyOf: ['a'], allOf: ['b'] }],
      [deep],
    ];
    for (const scopes of wrong) {
      it(`refuses to demand ${JSON.stringify(scopes).slice(0, 40)}`, async () => {
        const { requireScopes } = await adapter(name);
        await refusal('config_invalid', () => requireScopes(...scopes));
      });
    }

    it('demands what is a requirement', async () => {
      const { requireScopes } = await adapter(name);
      for (const scopes of [['a'], [['a', 'b']], [allOf('a', anyOf('b', 'c'))], [{ anyOf: ['a'] }], ['a', ['b']]])
        requireScopes(...scopes);
    });

    it('takes plain options only', async () => {
      const { requireAuth } = await adapter(name);
      class Options {
        get scopes(): string {
          return 'admin:all';
        }
      }
      for (const options of [new Options(), Object.create({ scopes: 'admin:all' }), new Map([['scopes', 'admin:all']])])
        await refusal('config_invalid', () => requireAuth(verifier, options));
      const inherited = Object.create(Object.assign(Object.create(null), { scopes: 'admin:all' }));
      await refusal('config_invalid', () => requireAuth(verifier, inherited));
      requireAuth(verifier, Object.assign(Object.create(null), { scopes: 'a' }));
      requireAuth(verifier, runInNewContext('({ realm: "blog" })'));
    });
  });
}

it("Fastify's plugin takes plain options only", async () => {
  const app = fastify();
  app.register(scopegate, Object.assign(Object.create({ scopes: 'admin:all' }), { verifier }));
  await assert.rejects(async () => app.ready(), { code: 'config_invalid' });
});

it("hapi's strategies are made of what requireAuth made", async () => {
  const { plugin } = await import('scopegate/hapi');
  const server = Hapi.server();
  await server.register(plugin);
  await refusal('config_invalid', () => server.auth.strategy('none', 'scopegate'));
});
