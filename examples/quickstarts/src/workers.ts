import { createVerifier } from 'scopegate';
import { requireAuth, requireScopes } from 'scopegate/workers';

const verifier = createVerifier({
  endpoint: 'https://tenant.logto.app', // the Logto endpoint
  audience: 'https://api.yourapp.com', // the API identifier, exactly as in Logto
});

const list = requireScopes('read:posts', (_request, auth) => Response.json({ reader: auth.subject, posts: [] }));
const remove = requireScopes('delete:posts', () => new Response(null, { status: 204 }));

export default {
  fetch: requireAuth(verifier, (request, auth) => (request.method === 'DELETE' ? remove : list)(request, auth)),
};
