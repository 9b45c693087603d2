/** The ways to protect a route that are compared: each demands a valid token with the scope `read:posts`. */

import type { RequestHandler } from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { createVerifier } from 'scopegate';
import { requireAuth, requireScopes } from 'scopegate/express';
import type { Tenant } from '../suites/servers.ts';

const SCOPE = 'read:posts';

function scopegate({ issuer, audience, jwksUri }: Tenant): RequestHandler[] {
  return untyped(requireAuth(createVerifier({ issuer, audience, jwksUri })), requireScopes(SCOPE));
}

function auth0({ issuer, audience, jwksUri, alg }: Tenant): RequestHandler[] {
  return untyped(auth({ issuer, audience, jwksUri, tokenSigningAlg: alg }), requiredScopes(SCOPE));
}

/** Two packages declare `req.auth`, each with its own type; in one program only one of them can be right. */
function untyped(...handlers: unknown[]): RequestHandler[] {
  return handlers as RequestHandler[];
}

/** As Logto's tutorial for Express has it. */
function tutorial({ issuer, audience, jwksUri }: Tenant): RequestHandler[] {
  const jwks = createRemoteJWKSet(new URL(jwksUri));
  const authenticate: RequestHandler = async (req, res, next) => {
    const header = req.headers.authorization;
    if (!header?.startsWith('Bearer ')) {
      res.status(401).json({ error: 'Missing token' });
      return;
    }
    try {
      const { payload } = await jwtVerify(header.slice('Bearer '.length), jwks, { issuer, audience });
      res.locals.user = { id: payload.sub, scopes: ((payload.scope as string) ?? '').split(' ') };
      next();
    } catch {
      res.status(401).json({ error: 'Invalid token' });
    }
  };
  const authorize: RequestHandler = (_req, res, next) => {
    if (!res.locals.user?.scopes.includes(SCOPE)) {
      res.status(403).json({ error: 'Insufficient permissions' });
      return;
    }
    next();
  };
  return [authenticate, authorize];
}

export const GUARDS = {
  none: (): RequestHandler[] => [],
  scopegate,
  'express-oauth2-jwt-bearer': auth0,
  'express+jose': tutorial,
};
export type GuardName = keyof typeof GUARDS;
