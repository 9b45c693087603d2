import type express from 'express';
import { metadataHandler, requireAuth, requireScopes } from 'scopegate/express';
import { listen, type TestServer } from '../../support/http.ts';
import { type Api, fails, MORE, POSTS, subject } from '../api.ts';

/** Serves the API on a version of Express. */
export function serve(make: typeof express, { resource, organizations, outage, metadata }: Api): Promise<TestServer> {
  const app = make();
  const answer: express.RequestHandler = (request, response) => void response.json(subject(request.auth));
  app.all('/posts', requireAuth(resource, POSTS), answer);
  app.all('/any', requireAuth(resource), answer);
  app.all('/more', requireAuth(resource), requireScopes(...MORE), answer);
  app.all('/optional', requireAuth(resource, { optional: true }), answer);
  app.all('/optional-more', requireAuth(resource, { optional: true }), requireScopes(...MORE), answer);
  app.all('/outage', requireAuth(outage), answer);
  app.all('/organizations/:id', requireAuth(organizations, { organization: ({ params }) => params.id }), answer);
  app.all(
    '/by-header',
    requireAuth(organizations, { organization: ({ headers }) => headers['x-organization'] }),
    answer,
  );
  app.all(
    '/by-function',
    requireAuth(organizations, {
      organization: async ({ query }) => query.organization as string,
      scopes: 'read:posts',
    }),
    answer,
  );
  app.all('/fixed', requireAuth(organizations, { organization: 'org1' }), answer);
  app.all('/cors', requireAuth(resource, { preflight: true }), requireScopes('read:posts'), answer);
  app.all('/throws', requireAuth(organizations, { organization: fails }), answer);
  app.all('/forgotten', requireScopes('read:posts'), answer);
  for (const [path, document] of Object.entries(metadata)) app.all(path, metadataHandler(document));
  app.use(((_error, _request, response, _next) => {
    response.sendStatus(500);
  }) satisfies express.ErrorRequestHandler);
  return listen(app);
}
