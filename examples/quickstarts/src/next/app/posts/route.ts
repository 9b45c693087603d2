import { requireAuth } from 'scopegate/next';
import { verifier } from '../../verifier';

export const GET = requireAuth(verifier, (_request, auth) => Response.json({ reader: auth.subject, posts: [] }), {
  scopes: 'read:posts',
});
