import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { AccessToken } from 'scopegate';
import { type AuthEnv, metadataHandler, requireAuth, requireScopes } from 'scopegate/hono';
import { listen, type TestServer } from '../../support/http.ts';
import { type Api, fails, MORE, POSTS, subject } from '../api.ts';

/** Serves the API on Hono, in Node. */
export function serve({ resource, organizations, outage, metadata }: Api): Promise<TestServer> {
  const app = new Hono();
  const answer = (c: Context<AuthEnv<AccessToken | null>>) => c.json(subject(c.get('auth')));
  app.all('/posts', requireAuth(resource, POSTS), (c) => c.json(subject(c.get('auth'))));
  app.all('/any', requireAuth(resource), (c) => c.json(subject(c.get('auth'))));
  app.all('/more', requireAuth(resource), requireScopes(...MORE), (c) => c.json(subject(c.get('auth'))));
  app.all('/optional', requireAuth(resource, { optional: true }), answer);
  app.all('/optional-more', requireAuth(resource, { optional: true }), requireScopes(...MORE), answer);
  app.all('/outage', requireAuth(outage), (c) => c.json(subject(c.get('auth'))));
  app.all('/organizations/:id', requireAuth(organizations, { organization: (c) => c.req.param('id') }), (c) =>
    c.json(subject(c.get('auth'))),
  );
  app.all('/by-header', requireAuth(organizations, { organization: (c) => c.req.header('x-organization') }), (c) =>
    c.json(subject(c.get('auth'))),
  );
  app.all(
    '/by-function',
    requireAuth(organizations, { organization: async (c) => c.req.query('organization'), scopes: 'read:posts' }),
    (c) => c.json(subject(c.get('auth'))),
  );
  app.all('/fixed', requireAuth(organizations, { organization: 'org1' }), (c) => c.json(subject(c.get('auth'))));
  app.all('/cors', requireAuth(resource, { preflight: true }), requireScopes('read:posts'), answer);
  app.all('/throws', requireAuth(organizations, { organization: fails }), (c) => c.json(subject(c.get('auth'))));
  app.all('/forgotten', requireScopes('read:posts'), (c) => c.text('reached'));
  for (const [path, document] of Object.entries(metadata)) app.all(path, metadataHandler(document));
  app.onError((_error, c) => c.text('fault', 500));
  return listen(getRequestListener(app.fetch));
}
