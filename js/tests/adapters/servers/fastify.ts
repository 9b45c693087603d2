import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { metadataHandler, requireAuth, requireScopes, scopegate } from 'scopegate/fastify';
import type { TestServer } from '../../support/http.ts';
import { type Api, fails, MORE, POSTS, subject } from '../api.ts';

/** Serves the API on Fastify: one half guarded by the plugin, each part in a context of its own, the other by hooks. */
export async function serve({ resource, organizations, outage, metadata }: Api): Promise<TestServer> {
  const app = fastify();
  const answer = async ({ auth }: FastifyRequest) => subject(auth);
  const part = (declare: (context: FastifyInstance) => Promise<void>) => app.register(declare);

  await part(async (context) => {
    await context.register(scopegate, { verifier: resource, ...POSTS });
    context.all('/posts', answer);
  });
  await part(async (context) => {
    await context.register(scopegate, { verifier: resource });
    context.all('/any', answer);
    context.all('/more', { onRequest: requireScopes(...MORE) }, answer);
  });
  await part(async (context) => {
    await context.register(scopegate, { verifier: resource, optional: true });
    context.all('/optional', answer);
    context.all('/optional-more', { preHandler: requireScopes(...MORE) }, answer);
  });
  await part(async (context) => {
    await context.register(scopegate, { verifier: organizations, organization: ({ params }) => params.id });
    context.all('/organizations/:id', answer);
  });
  app.all('/outage', { onRequest: requireAuth(outage) }, answer);
  const byHeader = requireAuth(organizations, { organization: ({ headers }) => headers['x-organization'] });
  app.all('/by-header', { preHandler: byHeader }, answer);
  const byFunction = requireAuth(organizations, {
    organization: async ({ query }) => query.organization,
    scopes: 'read:posts',
  });
  app.all('/by-function', { onRequest: byFunction }, answer);
  app.all('/fixed', { onRequest: requireAuth(organizations, { organization: 'org1' }) }, answer);
  const cors = [requireAuth(resource, { preflight: true }), requireScopes('read:posts')];
  app.all('/cors', { onRequest: cors }, answer);
  app.all('/throws', { onRequest: requireAuth(organizations, { organization: fails }) }, answer);
  app.all('/forgotten', { onRequest: requireScopes('read:posts') }, answer);
  for (const [path, document] of Object.entries(metadata)) app.all(path, metadataHandler(document));

  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, port: Number(new URL(url).port), close: () => app.close() };
}
