import express, { type Express } from 'express';
import { createVerifier } from 'scopegate';
import { requireAuth, requireScopes } from 'scopegate/express';
import { createPost, deletePost, listOrganizationPosts, listPosts } from './posts.ts';

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
    res.json(listPosts());
  });

  app.post('/posts', requireScopes('write:posts'), express.json(), (req, res) => {
    const title: unknown = req.body?.title;
    if (typeof title !== 'string' || title === '') {
      res.status(400).json({ error: 'a post needs a title' });
      return;
    }
    res.status(201).json(createPost(title, req.auth?.subject ?? ''));
  });

  app.delete('/posts/:id', requireScopes('delete:posts'), (req, res) => {
    res.sendStatus(deletePost(req.params.id) ? 204 : 404);
  });

  app.get(
    '/organizations/:id/posts',
    requireAuth(organizationVerifier, { organization: (req) => req.params.id, scopes: 'read:posts' }),
    (req, res) => {
      res.json(listOrganizationPosts(req.params.id));
    },
  );

  return app;
}
