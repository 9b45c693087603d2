import { authProxy } from 'scopegate/next';
import { verifier } from './verifier';

// Refuses early; the route handlers verify again, to have the token and to check its scopes.
export const proxy = authProxy(verifier);

export const config = { matcher: '/posts/:path*' };
