// What only one framework has, and the table of requests cannot say.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import 'reflect-metadata';
import Hapi from '@hapi/hapi';
import { Controller, Get, type INestApplication, type MiddlewareConsumer, Module, UseFilters } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import fastify from 'fastify';
import { Hono } from 'hono';
import { type AccessToken, createVerifier } from 'scopegate';
import * as forExpress from 'scopegate/express';
import * as forFastify from 'scopegate/fastify';
import * as forHapi from 'scopegate/hapi';
import * as forHono from 'scopegate/hono';
import * as forNest from 'scopegate/nest';
import { ask } from '../support/http.ts';
import { refusal } from '../support/refusal.ts';
import { AUDIENCE, accessToken, Clock, ENDPOINT, jwks, KeyServer } from '../support/tenant.ts';

const options = { endpoint: ENDPOINT, audience: AUDIENCE } as const;
const verifier = createVerifier({ ...options, jwks, clock: new Clock().now });
const authorization = `Bearer ${await accessToken()}`;
const expired = `Bearer ${await accessToken({ claims: { exp: 1 } })}`;

describe('every adapter', () => {
  const require = createRequire(import.meta.url);
  for (const name of ['express', 'fastify', 'hapi', 'hono', 'koa', 'nest', 'next', 'workers']) {
    it(`scopegate/${name} is the same for import and require`, async () => {
      const module = (await import(`scopegate/${name}`)) as Record<string, unknown>;
      const commonjs = require(`scopegate/${name}`) as Record<string, unknown>;
      const functions = Object.keys(module).filter((key) => key !== 'default');
      assert.deepEqual(
        functions.filter((key) => !(key in commonjs)),
        [],
      );
      for (const key of ['requireAuth', 'metadataHandler']) assert.equal(typeof commonjs[key], 'function', key);
      assert.notEqual(module.requireAuth, commonjs.requireAuth, 'one copy only: this checks nothing');
    });

    it(`scopegate/${name} refuses wrong options when it is made`, async () => {
      const { requireAuth } = (await import(`scopegate/${name}`)) as { requireAuth(...args: unknown[]): unknown };
      const make = (wrong: object): unknown => {
        const handler = ['next', 'workers'].includes(name) ? [() => new Response()] : [];
        return requireAuth(verifier, ...handler, wrong);
      };
      for (const wrong of [{ scope: 'a' }, { scopes: [] }, { realm: '' }, { organization: 'org1' }]) {
        await refusal('config_invalid', () => make(wrong));
      }
      make({ scopes: 'a' });
    });
  }
});

describe('Fastify', () => {
  it("guards the context that the plugin is registered in and those below it, and no other's", async () => {
    const app = fastify();
    app.get('/open', async ({ auth }) => ({ auth: auth ?? null }));
    await app.register(async (guarded) => {
      await guarded.register(forFastify.scopegate, { verifier });
      guarded.get('/guarded', async ({ auth }) => auth?.subject);
      await guarded.register(async (below) => {
        below.get('/below', async ({ auth }) => auth?.subject);
      });
    });
    const statuses = async (headers: Record<string, string>) =>
      Promise.all(['/open', '/guarded', '/below'].map(async (url) => (await app.inject({ url, headers })).statusCode));
    assert.deepEqual(await statuses({}), [200, 401, 401]);
    assert.deepEqual(await statuses({ authorization }), [200, 200, 200]);
    await app.close();
  });

  it('keeps headers that were set before, and runs hooks of the reply', async () => {
    const app = fastify();
    app.addHook('onRequest', async (_request, reply) => void reply.header('access-control-allow-origin', '*'));
    app.addHook('onSend', async (_request, reply) => void reply.header('x-sent', 'yes'));
    await app.register(forFastify.scopegate, { verifier });
    app.get('/', async () => '');
    const { statusCode, headers } = await app.inject('/');
    assert.deepEqual([statusCode, headers['access-control-allow-origin'], headers['x-sent']], [401, '*', 'yes']);
    await app.close();
  });
});

describe('Hono', () => {
  it('keeps headers that were set before', async () => {
    const app = new Hono();
    app.use(async (c, next) => {
      c.header('access-control-allow-origin', '*');
      await next();
    });
    app.get('/', forHono.requireAuth(verifier), (c) => c.body(null));
    const { status, headers } = await app.request('/');
    assert.deepEqual([status, headers.get('access-control-allow-origin')], [401, '*']);
  });

  it("keeps background refreshes alive through the host's context", async () => {
    const keys = new KeyServer();
    const clock = new Clock();
    const app = new Hono();
    app.get('/', forHono.requireAuth(createVerifier({ ...options, clock: clock.now, fetch: keys.fetch })), (c) =>
      c.body(null),
    );
    const kept: Promise<unknown>[] = [];
    const context = {
      waitUntil: (promise: Promise<unknown>) => void kept.push(promise),
      passThroughOnException: () => undefined,
      props: {},
    };
    const get = async () => app.request('/', { headers: { authorization } }, {}, context);
    assert.equal((await get()).status, 200);
    clock.advance(700);
    assert.equal((await get()).status, 200);
    await Promise.all(kept);
    assert.deepEqual([kept.length > 0, keys.requests.length], [true, 2]);
  });
});

describe('hapi', () => {
  const serve = async (): Promise<Hapi.Server> => {
    const server = Hapi.server({ debug: false });
    await server.register(forHapi.plugin);
    server.auth.strategy('logto', 'scopegate', forHapi.requireAuth(verifier));
    server.auth.strategy('blog', 'scopegate', forHapi.requireAuth(verifier, { realm: 'blog' }));
    server.auth.scheme('other', () => ({
      authenticate: (_request, h) => h.authenticated({ credentials: { user: { name: 'other' } } as object }),
    }));
    server.auth.strategy('other', 'other');
    const handler: Hapi.Lifecycle.Method = ({ auth: { isAuthenticated, strategy } }) => ({ isAuthenticated, strategy });
    const route = (path: string, auth: Hapi.RouteOptionsAccess | string) =>
      server.route({ method: 'GET', path, options: { auth }, handler });
    route('/either', { strategies: ['logto', 'other'] });
    route('/both', { strategies: ['logto', 'blog'] });
    route('/try', { strategy: 'logto', mode: 'try' });
    route('/scope', { strategy: 'logto', scope: ['read:posts'] });
    route('/user', { strategy: 'logto', entity: 'user' });
    route('/app', { strategy: 'logto', access: [{ entity: 'any' }, { entity: 'app' }] });
    route('/any', { strategy: 'logto', entity: 'any' });
    return server;
  };

  it('leaves requests without a bearer token to other strategies, but none with a bad one', async () => {
    const server = await serve();
    const { result } = await server.inject('/either');
    assert.deepEqual(result, { isAuthenticated: true, strategy: 'other' });
    const own = await server.inject({ url: '/either', headers: { authorization } });
    assert.deepEqual(own.result, { isAuthenticated: true, strategy: 'logto' });
    assert.equal((await server.inject({ url: '/either', headers: { authorization: expired } })).statusCode, 401);
  });

  it('challenges by all strategies when none finds credentials', async () => {
    const server = await serve();
    const { statusCode, headers } = await server.inject('/both');
    assert.deepEqual([statusCode, headers['www-authenticate']], [401, 'Bearer, Bearer realm="blog"']);
  });

  it("lets no bad token pass in the mode 'try' either", async () => {
    const server = await serve();
    assert.equal((await server.inject('/try')).statusCode, 200);
    assert.equal((await server.inject({ url: '/try', headers: { authorization: expired } })).statusCode, 401);
  });

  it("takes hapi's own scope, which knows no implied ones, for a fault", async () => {
    const server = await serve();
    assert.equal((await server.inject({ url: '/scope', headers: { authorization } })).statusCode, 500);
  });

  it("takes hapi's own entity, to which every token is an application's, for a fault", async () => {
    const server = await serve();
    const status = async (url: string) => (await server.inject({ url, headers: { authorization } })).statusCode;
    assert.deepEqual([await status('/user'), await status('/app'), await status('/any')], [500, 500, 200]);
  });

  it('takes no options but those of requireAuth', async () => {
    const server = await serve();
    await refusal('config_invalid', () => server.auth.strategy('wrong', 'scopegate', { verifier }));
    await refusal('config_invalid', () => forHapi.requireAuth(verifier, { optional: true } as object));
  });
});

describe('NestJS', () => {
  /** Applies decorators without their syntax. */
  function decorated(name: string, ...decorators: MethodDecorator[]): new () => object {
    const Decorated = { [name]: class {} }[name] as new () => object;
    Object.defineProperty(Decorated.prototype, 'list', {
      value: (auth: AccessToken) => ({ subject: auth.subject }),
      writable: true,
      configurable: true,
    });
    const descriptor = Object.getOwnPropertyDescriptor(Decorated.prototype, 'list') as PropertyDescriptor;
    for (const decorate of [Get(name), ...decorators]) decorate(Decorated.prototype, 'list', descriptor);
    forNest.Auth()(Decorated.prototype, 'list', 0);
    Controller()(Decorated);
    return Decorated;
  }

  it('guards the whole application as APP_GUARD, and lets filters see refusals', async () => {
    const seen: number[] = [];
    const filter = {
      catch: (exception: { getStatus(): number }, host: { switchToHttp(): { getResponse(): { end(): void } } }) => {
        seen.push(exception.getStatus());
        host.switchToHttp().getResponse().end();
      },
    };
    class AppModule {}
    Module({
      imports: [forNest.ScopegateModule.forRoot(verifier)],
      providers: [{ provide: APP_GUARD, useExisting: forNest.AuthGuard }],
      controllers: [
        decorated('plain'),
        decorated('scoped', forNest.RequireScopes('delete:posts')),
        decorated('filtered', UseFilters(filter)),
      ],
    })(AppModule);
    const app = await NestFactory.create(AppModule, { logger: false });
    await app.listen(0, '127.0.0.1');
    try {
      const url = await app.getUrl();
      const get = async (path: string, headers = {}) => (await ask(`${url}/${path}`, headers)).status;
      assert.deepEqual([await get('plain'), await get('plain', { authorization })], [401, 200]);
      assert.deepEqual([await get('scoped'), await get('scoped', { authorization })], [401, 403]);
      await get('filtered');
      assert.deepEqual(seen, [401]);
    } finally {
      await app.close();
    }
  });

  /** The statuses of a route that demands scopes, without credentials, with a token that lacks them and with one that does not. */
  async function statusesBehind(
    authorize: (app: INestApplication) => unknown,
    platform: 'express' | 'fastify' = 'express',
    configure?: (consumer: MiddlewareConsumer) => void,
  ): Promise<number[]> {
    class AppModule {
      configure(consumer: MiddlewareConsumer) {
        configure?.(consumer);
      }
    }
    Module({ controllers: [decorated('scoped', forNest.RequireScopes('delete:posts'))] })(AppModule);
    const app =
      platform === 'express'
        ? await NestFactory.create(AppModule, { logger: false })
        : await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
    await authorize(app);
    await app.listen(0, '127.0.0.1');
    try {
      const url = `${await app.getUrl()}/scoped`;
      const may = { authorization: `Bearer ${await accessToken({ claims: { scope: 'delete:posts' } })}` };
      const replies = await Promise.all([{}, { authorization }, may].map((headers) => ask(url, headers)));
      return replies.map(({ status }) => status);
    } finally {
      await app.close();
    }
  }

  it("demands its scopes behind Express' middleware, too", async () => {
    assert.deepEqual(await statusesBehind((app) => app.use(forExpress.requireAuth(verifier))), [401, 403, 200]);
  });

  it('demands its scopes behind a middleware that a module applies', async () => {
    const apply = (consumer: MiddlewareConsumer) =>
      void consumer.apply(forExpress.requireAuth(verifier)).forRoutes('*path');
    assert.deepEqual(await statusesBehind(() => undefined, 'express', apply), [401, 403, 200]);
  });

  it("demands its scopes behind Fastify's plugin", async () => {
    const register = (app: INestApplication) =>
      app.getHttpAdapter().getInstance().register(forFastify.scopegate, { verifier });
    assert.deepEqual(await statusesBehind(register, 'fastify'), [401, 403, 200]);
  });

  it('is for HTTP', async () => {
    const context = { getType: () => 'rpc' } as Parameters<forNest.AuthGuard['canActivate']>[0];
    await refusal('config_invalid', () => forNest.requireAuth(verifier).canActivate(context));
  });
});
