import fastify from 'fastify';
import { createVerifier } from 'scopegate';
import { requireScopes, scopegate } from 'scopegate/fastify';

const verifier = createVerifier({
  endpoint: 'https://tenant.logto.app', // the Logto endpoint
  audience: 'https://api.yourapp.com', // the API identifier, exactly as in Logto
});

const app = fastify();
await app.register(scopegate, { verifier }); // guards the routes of this context and of those below it

app.get('/posts', { onRequest: requireScopes('read:posts') }, async (request) => {
  return { reader: request.auth?.subject, posts: [] };
});

app.delete('/posts/:id', { onRequest: requireScopes('delete:posts') }, async (_request, reply) => {
  return reply.code(204).send();
});

await app.listen({ port: 3000, host: '127.0.0.1' });
