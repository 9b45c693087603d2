import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createVerifier } from 'scopegate';
import { type AuthEnv, requireAuth, requireScopes } from 'scopegate/hono';

const verifier = createVerifier({
  endpoint: 'https://tenant.logto.app', // the Logto endpoint
  audience: 'https://api.yourapp.com', // the API identifier, exactly as in Logto
});

const app = new Hono<AuthEnv>();
app.use(requireAuth(verifier));

app.get('/posts', requireScopes('read:posts'), (c) => {
  return c.json({ reader: c.get('auth').subject, posts: [] });
});

app.delete('/posts/:id', requireScopes('delete:posts'), (c) => {
  return c.body(null, 204);
});

serve({ fetch: app.fetch, port: 3000, hostname: '127.0.0.1' }); // in Node; elsewhere: export default app
