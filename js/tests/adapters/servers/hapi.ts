import Hapi, { type Lifecycle, type RouteOptions } from '@hapi/hapi';
import { type AuthRefs, metadataHandler, plugin, requireAuth, requireScopes } from 'scopegate/hapi';
import type { TestServer } from '../../support/http.ts';
import { type Api, fails, MORE, POSTS, subject } from '../api.ts';

/** Serves the API on hapi: a strategy for each way in. */
export async function serve({ resource, organizations, outage, metadata }: Api): Promise<TestServer> {
  const server = Hapi.server({ host: '127.0.0.1', port: 0, debug: false });
  await server.register(plugin);
  const strategies = {
    posts: requireAuth(resource, POSTS),
    any: requireAuth(resource),
    outage: requireAuth(outage),
    byPath: requireAuth(organizations, { organization: ({ params }) => params.id }),
    byHeader: requireAuth(organizations, { organization: ({ headers }) => headers['x-organization'] }),
    byFunction: requireAuth(organizations, {
      organization: async ({ query }) => query.organization,
      scopes: 'read:posts',
    }),
    fixed: requireAuth(organizations, { organization: 'org1' }),
    throws: requireAuth(organizations, { organization: fails }),
  };
  for (const [name, options] of Object.entries(strategies)) server.auth.strategy(name, 'scopegate', options);

  const route = (
    path: string,
    auth: RouteOptions<AuthRefs>['auth'] & {},
    pre: Lifecycle.Method<AuthRefs>[] = [],
    more: RouteOptions<AuthRefs> = {},
  ) => {
    // Once a route has `cors`, hapi answers OPTIONS everywhere, but for routes that name the method.
    for (const method of more.cors === true ? (['GET', 'DELETE'] as const) : (['*', 'OPTIONS'] as const)) {
      server.route<AuthRefs>({
        method,
        path,
        options: { ...more, auth, pre: pre.map((method) => ({ method })) },
        handler: ({ auth: { credentials } }) => subject(credentials),
      });
    }
  };
  route('/posts', 'posts');
  route('/any', 'any');
  route('/more', 'any', [requireScopes(...MORE)]);
  route('/optional', { strategy: 'any', mode: 'optional' });
  route('/optional-more', { strategy: 'any', mode: 'optional' }, [requireScopes(...MORE)]);
  route('/outage', 'outage');
  route('/organizations/{id}', 'byPath');
  route('/by-header', 'byHeader');
  route('/by-function', 'byFunction');
  route('/fixed', 'fixed');
  route('/cors', 'any', [requireScopes('read:posts')], { cors: true });
  route('/throws', 'throws');
  route('/forgotten', false, [requireScopes('read:posts')]);
  for (const [path, document] of Object.entries(metadata)) {
    for (const method of ['*', 'OPTIONS'] as const) {
      server.route({ method, path, options: { auth: false }, handler: metadataHandler(document) });
    }
  }
  await server.start();
  return { url: server.info.uri, port: Number(server.info.port), close: () => server.stop() };
}
