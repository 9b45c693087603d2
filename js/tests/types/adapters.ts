// The adapters beside their frameworks' own types.
import Hapi from '@hapi/hapi';
import Router from '@koa/router';
import { All, Controller, Module, UseGuards } from '@nestjs/common';
import fastify, { type FastifyRequest } from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import {
  type AccessToken,
  anyOf,
  createVerifier,
  protectedResourceMetadata,
  protectedResourceMetadataUrl,
  type ResourceMetadata,
} from 'scopegate';
import * as forFastify from 'scopegate/fastify';
import * as forHapi from 'scopegate/hapi';
import * as forHono from 'scopegate/hono';
import * as forKoa from 'scopegate/koa';
import * as forNest from 'scopegate/nest';
import * as forNext from 'scopegate/next';
import { createVerifier as createAsyncVerifier } from 'scopegate/webcrypto';

const endpoint = 'https://tenant.logto.app';
const audience = 'https://api.yourapp.com';
const resource = createVerifier({ endpoint, audience });
const organizations = createVerifier({ endpoint, audience, permissionModel: 'organization-resource' });
const async = createAsyncVerifier({ endpoint, audience });

const metadata: ResourceMetadata = protectedResourceMetadata({ endpoint, resource: audience, scopes: ['a'] as const });
const path = new URL(protectedResourceMetadataUrl(audience)).pathname;

// @ts-expect-error no issuer
protectedResourceMetadata({ resource: audience });
// @ts-expect-error no resource
protectedResourceMetadata({ endpoint });

export async function onFastify(): Promise<void> {
  const app = fastify();
  await app.register(forFastify.scopegate, { verifier: resource, scopes: 'a' });
  await app.register(forFastify.default, { verifier: organizations, organization: ({ params }) => params.id });
  await app.register(forFastify.scopegate, { verifier: async, optional: true });
  // @ts-expect-error no organization
  await app.register(forFastify.scopegate, { verifier: organizations });
  // @ts-expect-error an organization where none belongs
  await app.register(forFastify.scopegate, { verifier: resource, organization: 'org1' });
  // @ts-expect-error no verifier
  await app.register(forFastify.scopegate, { scopes: 'a' });
  const onRequest = [forFastify.requireAuth(resource), forFastify.requireScopes('a', anyOf('b', 'c'))];
  app.get('/posts', { onRequest }, async ({ auth }) => auth?.scopes.has('a'));
  app.get('/posts/:id', { preHandler: onRequest }, async (request: FastifyRequest<{ Params: { id: string } }>) => {
    const id: string = request.params.id;
    // @ts-expect-error the token may be missing
    return id + request.auth.subject;
  });
  app.get(path, forFastify.metadataHandler(metadata));
  // @ts-expect-error no organization
  forFastify.requireAuth(organizations);
  // @ts-expect-error an unknown option
  forFastify.requireAuth(resource, { scope: 'a' });
  // @ts-expect-error no scopes
  forFastify.requireScopes();
}

export function onKoa(): void {
  const app = new Koa();
  app.use(forKoa.requireAuth(resource)).use((ctx) => {
    const subject: string | undefined = ctx.state.auth?.subject;
    ctx.body = subject;
  });
  const router = new Router<forKoa.AuthState>();
  const byPath = forKoa.requireAuth(organizations, { organization: (ctx) => ctx.params.id });
  router.get('/organizations/:id', byPath, forKoa.requireScopes('a'), (ctx) => {
    // @ts-expect-error the token may be missing
    ctx.body = ctx.state.auth.subject;
  });
  router.get(path, forKoa.metadataHandler(metadata));
  app.use(router.routes());
  // @ts-expect-error no organization
  forKoa.requireAuth(organizations, { scopes: 'a' });
  // @ts-expect-error an organization where none belongs
  forKoa.requireAuth(resource, { organization: 'org1' });
}

export const onHono = new Hono()
  .get('/posts', forHono.requireAuth(resource), forHono.requireScopes('a'), (c) => {
    const subject: string = c.get('auth').subject;
    return c.json({ subject, same: c.var.auth.subject });
  })
  .get('/optional', forHono.requireAuth(resource, { optional: true }), (c) => {
    const subject: string | undefined = c.get('auth')?.subject;
    // @ts-expect-error the token may be missing
    c.get('auth').subject;
    return c.json({ subject });
  })
  .get(
    '/organizations/:id',
    forHono.requireAuth(organizations, { organization: (c) => c.req.param('id'), scopes: 'a' }),
    (c) => c.text(c.get('auth').organizationId ?? ''),
  )
  .get(path, forHono.metadataHandler(metadata));
const typed = new Hono<forHono.AuthEnv>();
typed.use(forHono.requireAuth(async));
typed.get('/', (c) => c.text(c.get('auth').subject));
// @ts-expect-error no organization
forHono.requireAuth(organizations);
// @ts-expect-error no organization
forHono.requireAuth(organizations, { optional: true });
// @ts-expect-error an organization where none belongs
forHono.requireAuth(resource, { organization: 'org1' });

export async function onHapi(): Promise<void> {
  const server = Hapi.server();
  await server.register(forHapi.plugin);
  server.auth.strategy('logto', 'scopegate', forHapi.requireAuth(resource, { scopes: 'a' }));
  const byPath = forHapi.requireAuth(organizations, { organization: ({ params }) => params.id });
  server.auth.strategy('organization', 'scopegate', byPath);
  server.auth.default('logto');
  server.route<forHapi.AuthRefs>({
    method: 'GET',
    path: '/posts',
    options: { pre: [{ method: forHapi.requireScopes('a', 'b') }] },
    handler: ({ auth }) => {
      const subject: string = auth.credentials.subject;
      return { subject };
    },
  });
  server.route({ method: 'GET', path, handler: forHapi.metadataHandler(metadata) });
  // @ts-expect-error no organization
  forHapi.requireAuth(organizations);
  // @ts-expect-error the route says so
  forHapi.requireAuth(resource, { optional: true });
}

@Controller()
@UseGuards(forNest.AuthGuard)
@forNest.RequireScopes('a', anyOf('b', 'c'))
class Posts {
  @All('posts')
  @forNest.RequireScopes('d')
  list(@forNest.Auth() auth: AccessToken): string {
    return auth.subject;
  }

  @All('organizations/:id')
  @UseGuards(forNest.requireAuth(organizations, { organization: ({ params }) => params.id }))
  organization(@forNest.Auth() auth: AccessToken): string | null {
    return auth.organizationId;
  }
}

@Module({ imports: [forNest.ScopegateModule.forRoot(resource, { realm: 'blog' })], controllers: [Posts] })
export class OnNest {}
// @ts-expect-error no organization
forNest.requireAuth(organizations);
// @ts-expect-error no organization
forNest.ScopegateModule.forRoot(organizations);
// @ts-expect-error an organization where none belongs
forNest.requireAuth(resource, { organization: 'org1' });
// @ts-expect-error no scopes
forNest.RequireScopes();

export const GET = forNext.requireAuth(
  resource,
  forNext.requireScopes('a', (request, auth) =>
    Response.json({ path: request.nextUrl.pathname, reader: auth.subject }),
  ),
);
export const OPTIONAL = forNext.requireAuth(resource, (_request, auth) => Response.json(auth?.subject), {
  optional: true,
});
export const ORGANIZATION = forNext.requireAuth(
  organizations,
  async (_request, auth, { params }: forNext.RouteContext<{ id: string }>) =>
    Response.json({ id: (await params).id, organization: auth.organizationId }),
  { organization: async ({ params }) => (await params).id },
);
export const proxy = forNext.authProxy(organizations, { organization: (request) => request.nextUrl.hostname });
export const METADATA = forNext.metadataHandler(metadata);
// @ts-expect-error no organization
forNext.requireAuth(organizations, () => new Response());
// @ts-expect-error no organization
forNext.authProxy(organizations);
// @ts-expect-error the token may be missing
forNext.requireAuth(resource, (_request, auth) => Response.json(auth.subject), { optional: true });
