import { requireAuth } from 'scopegate/next';
import { verifier } from '../../../verifier';

export const DELETE = requireAuth(verifier, () => new Response(null, { status: 204 }), { scopes: 'delete:posts' });
