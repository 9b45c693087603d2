import Hapi from '@hapi/hapi';
import { createVerifier } from 'scopegate';
import { type AuthRefs, plugin, requireAuth, requireScopes } from 'scopegate/hapi';

const verifier = createVerifier({
  endpoint: 'https://tenant.logto.app', // the Logto endpoint
  audience: 'https://api.yourapp.com', // the API identifier, exactly as in Logto
});

const server = Hapi.server({ port: 3000, host: '127.0.0.1' });
await server.register(plugin);
server.auth.strategy('logto', 'scopegate', requireAuth(verifier));
server.auth.default('logto');

server.route<AuthRefs>({
  method: 'GET',
  path: '/posts',
  options: { pre: [{ method: requireScopes('read:posts') }] },
  handler: ({ auth }) => ({ reader: auth.credentials.subject, posts: [] }),
});

server.route<AuthRefs>({
  method: 'DELETE',
  path: '/posts/{id}',
  options: { pre: [{ method: requireScopes('delete:posts') }] },
  handler: (_request, h) => h.response().code(204),
});

await server.start();
