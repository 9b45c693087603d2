/** What the token grants share: the parameters they read, and the refusals Logto gives for organizations. */

import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Tenant } from '../tenant.ts';

/** The scope without which a refresh token may not be used for an organization. */
export const ORGANIZATIONS_SCOPE = 'urn:logto:scope:organizations';

/** The reserved resource that stands for the organization template: its scopes are the organization permissions. */
export const ORGANIZATION_TEMPLATE_RESOURCE = 'urn:logto:resource:organizations';

/** Lifetime of organization tokens in seconds; Logto does not let it be configured. */
export const ORGANIZATION_TOKEN_TTL = 3600;

/**
 * What the issuer knows about the audience of a token. `oidc-provider` asks for `identifier()` when `audience` is
 * missing; it never is here.
 */
export interface TokenAudience {
  audience: string;
  scope: string;
  accessTokenTTL: number;
  accessTokenFormat: 'jwt';
}

/** One string parameter of the token request; absent, empty and repeated values count as absent. */
export function parameter(ctx: KoaContextWithOIDC, name: string): string | undefined {
  const value: unknown = ctx.oidc.params?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The one `resource` of a token request. Throws `invalid_target` when there are several. */
export function requestedResource(ctx: KoaContextWithOIDC): string | undefined {
  const value: unknown = ctx.oidc.params?.resource;
  if (Array.isArray(value)) {
    throw new errors.InvalidTarget('only a single resource indicator value is supported for this grant type');
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The audience record of a registered API resource. Throws `invalid_target` for an unknown one. */
export function apiAudience(tenant: Tenant, indicator: string, ttl: number, scopes: Iterable<string>): TokenAudience {
  if (tenant.resource(indicator) === undefined && indicator !== ORGANIZATION_TEMPLATE_RESOURCE) {
    throw new errors.InvalidTarget();
  }
  return {
    audience: indicator,
    scope: [...scopes].join(' '),
    accessTokenTTL: ttl,
    accessTokenFormat: 'jwt',
  };
}

/** The refusal of a user or application that does not belong to the organization: 403 `access_denied`. */
export function notInOrganization(description: string): Error {
  const error = new errors.AccessDenied(description);
  error.statusCode = 403;
  error.status = 403;
  return error;
}
