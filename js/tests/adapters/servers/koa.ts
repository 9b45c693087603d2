import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';
import { type AuthState, metadataHandler, requireAuth, requireScopes } from 'scopegate/koa';
import { listen, type TestServer } from '../../support/http.ts';
import { type Api, fails, MORE, POSTS, subject } from '../api.ts';

/** Serves the API on Koa. */
export function serve({ resource, organizations, outage, metadata }: Api): Promise<TestServer> {
  const app = new Koa();
  // Faults are for the suite to see, not for the console.
  app.silent = true;
  const router = new Router<AuthState>();
  const answer: Middleware<AuthState> = (ctx) => {
    ctx.body = subject(ctx.state.auth);
  };
  router.all('/posts', requireAuth(resource, POSTS), answer);
  router.all('/any', requireAuth(resource), answer);
  router.all('/more', requireAuth(resource), requireScopes(...MORE), answer);
  router.all('/optional', requireAuth(resource, { optional: true }), answer);
  router.all('/optional-more', requireAuth(resource, { optional: true }), requireScopes(...MORE), answer);
  router.all('/outage', requireAuth(outage), answer);
  router.all('/organizations/:id', requireAuth(organizations, { organization: ({ params }) => params.id }), answer);
  router.all('/by-header', requireAuth(organizations, { organization: (ctx) => ctx.get('x-organization') }), answer);
  router.all(
    '/by-function',
    requireAuth(organizations, { organization: async ({ query }) => query.organization, scopes: 'read:posts' }),
    answer,
  );
  router.all('/fixed', requireAuth(organizations, { organization: 'org1' }), answer);
  router.all('/cors', requireAuth(resource, { preflight: true }), requireScopes('read:posts'), answer);
  router.all('/throws', requireAuth(organizations, { organization: fails }), answer);
  router.all('/forgotten', requireScopes('read:posts'), answer);
  for (const [path, document] of Object.entries(metadata)) router.all(path, metadataHandler(document));
  return listen(app.use(router.routes()).callback());
}
