/** API resources as a user's token request sees them: the audience and the scopes the user may have there. */

import { apiAudience, ORGANIZATION_TEMPLATE_RESOURCE, type TokenAudience } from './grants/common.ts';
import { DEFAULT_ACCESS_TOKEN_TTL, type Tenant } from './tenant.ts';

/**
 * The audience record of `indicator` for one user, or, before the user is known, with no scopes.
 * Throws `invalid_target` for a resource that is not registered.
 */
export function userResourceAudience(
  tenant: Tenant,
  indicator: string,
  userId: string | undefined,
  organizationId: string | undefined,
): TokenAudience {
  const ttl = tenant.resource(indicator)?.accessTokenTtl ?? DEFAULT_ACCESS_TOKEN_TTL;
  return apiAudience(tenant, indicator, ttl, scopesOf(tenant, indicator, userId, organizationId));
}

function scopesOf(
  tenant: Tenant,
  indicator: string,
  userId: string | undefined,
  organizationId: string | undefined,
): Set<string> {
  if (userId === undefined) {
    return new Set();
  }
  return indicator === ORGANIZATION_TEMPLATE_RESOURCE
    ? tenant.userOrganizationScopes(userId, organizationId)
    : tenant.userScopes(userId, indicator, organizationId);
}
