// The Express adapter beside Express' own types.
import express, { type Request } from 'express';
import { anyOf, createVerifier } from 'scopegate';
import { requireAuth, requireScopes } from 'scopegate/express';
import { createVerifier as createAsyncVerifier } from 'scopegate/webcrypto';

const endpoint = 'https://tenant.logto.app';
const audience = 'https://api.yourapp.com';
const resource = createVerifier({ endpoint, audience });
const organizations = createVerifier({ endpoint, audience, permissionModel: 'organization-resource' });

export const app = express();
app.use(requireAuth(resource));
app.use(requireAuth(createAsyncVerifier({ endpoint, audience })));
app.get('/posts/:id', requireAuth(resource, { scopes: 'read:posts' }), (request, response) => {
  const id: string = request.params.id;
  response.json({ id, subject: request.auth?.subject, mayWrite: request.auth?.scopes.has('write:posts') });
});
app.delete('/posts/:id', requireScopes('write:posts', anyOf('a', 'b')), (_request, response) => void response.end());
app.get('/organizations/:id', requireAuth(organizations, { organization: ({ params }) => params.id }));
app.get(
  '/by-header',
  requireAuth(organizations, { organization: (request: Request) => request.headers['x-organization'] }),
);
app.get('/later', requireAuth(organizations, { organization: async ({ hostname }) => hostname.split('.')[0] }));
app.get('/custom', requireAuth(resource, { onError: (error, _request, response) => response.end(error.code) }));

// @ts-expect-error no organization
requireAuth(organizations);
// @ts-expect-error no organization
requireAuth(organizations, { scopes: 'a' });
// @ts-expect-error an organization where none belongs
requireAuth(resource, { organization: 'org1' });
// @ts-expect-error an unknown option
requireAuth(resource, { scope: 'a' });
// @ts-expect-error no scopes
requireScopes();
