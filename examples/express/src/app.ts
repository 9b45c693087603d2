import express, { type Express, type Request, type Response } from 'express';
import { createVerifier } from 'scopegate';
import { requireAuth, requireScopes } from 'scopegate/express';
import { blog, blogOf } from './posts.ts';

export interface Config {
  /** Address of the Logto tenant. */
  endpoint: string;
  /** API resource of the posts. */
  resource: string;
  /** API resource of the organizations' posts. */
  organizationResource: string;
}

const impliedScopes = { 'admin:all': ['read:posts', 'write:posts', 'delete:posts'] };

export function createApp({ endpoint, resource, organizationResource }: Config): Express {
  const verifier = createVerifier({ endpoint, audience: resource, impliedScopes });
  const organizationVerifier = createVerifier({
    endpoint,
    audience: organizationResource,
    permissionModel: 'organization-resource',
    impliedScopes,
  });

  const app = express();
  app.use('/posts', requireAuth(verifier));

  app.get('/posts', requireScopes('read:posts'), (_req, res) => {
    res.json(blog.list());
  });

  app.post('/posts', requireScopes('write:posts'), express.json(), (req, res) => create(blog, req, res));

  app.delete('/posts/:id', requireScopes('delete:posts'), (req, res) => {
    res.sendStatus(blog.delete(req.params.id) ? 204 : 404);
  });

  const ofOrganization = requireAuth(organizationVerifier, { organization: (req) => req.params.id });

  app.get('/organizations/:id/posts', ofOrganization, requireScopes('read:posts'), (req, res) => {
    res.json(blogOf(req.params.id).list());
  });

  app.post('/organizations/:id/posts', ofOrganization, requireScopes('write:posts'), express.json(), (req, res) =>
    create(blogOf(req.params.id), req, res),
  );

  app.delete('/organizations/:id/posts/:post', ofOrganization, requireScopes('delete:posts'), (req, res) => {
    res.sendStatus(blogOf(req.params.id).delete(req.params.post) ? 204 : 404);
  });

  return app;
}

function create(into: typeof blog, req: Request<object>, res: Response): void {
  const title: unknown = req.body?.title;
  if (typeof title !== 'string' || title === '') {
    res.status(400).json({ error: 'a post needs a title' });
    return;
  }
  res.status(201).json(into.create(title, req.auth?.subject ?? ''));
}
