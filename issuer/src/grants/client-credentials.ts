/** The client credentials grant (RFC 6749 section 4.4) with Logto's organizations. */

import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { DEFAULT_ACCESS_TOKEN_TTL, organizationUrn, type Tenant } from '../tenant.ts';
import {
  apiAudience,
  notInOrganization,
  ORGANIZATION_TOKEN_TTL,
  parameter,
  requestedResource,
  type TokenAudience,
} from './common.ts';

/** Parameters of the grant besides those of client authentication. */
export const parameters = ['scope', 'resource', 'organization_id'];

/** Builds the handler for one tenant. */
export function clientCredentials(tenant: Tenant) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    const { client, provider } = ctx.oidc;
    if (client === undefined) {
      throw new errors.InvalidClient();
    }
    const organizationId = parameter(ctx, 'organization_id');
    if (organizationId !== undefined) {
      requireAssociation(tenant, client.clientId, organizationId);
    }
    const { audience, available } = resolveAudience(tenant, client.clientId, requestedResource(ctx), organizationId);
    const granted = (parameter(ctx, 'scope')?.split(' ') ?? []).filter((scope) => available.has(scope)).join(' ');

    const token = new provider.ClientCredentials({ client, scope: granted });
    // An organization token says `"scope":""` when nothing is granted; a resource token leaves the claim out.
    const isOrganizationToken = audience.audience === organizationUrn(organizationId ?? '');
    Object.assign(token, { resourceServer: audience, scope: granted || (isOrganizationToken ? '' : undefined) });
    ctx.oidc.entity('ClientCredentials', token);

    const value = await token.save();
    ctx.body = {
      access_token: value,
      expires_in: token.expiration,
      token_type: token.tokenType,
      scope: granted || undefined,
    };
    await next();
  };
}

function requireAssociation(tenant: Tenant, applicationId: string, organizationId: string): void {
  if (tenant.organization(organizationId)?.applications?.[applicationId] === undefined) {
    throw notInOrganization('app has not associated with the organization');
  }
}

function resolveAudience(
  tenant: Tenant,
  applicationId: string,
  requested: string | undefined,
  organizationId: string | undefined,
): { audience: TokenAudience; available: Set<string> } {
  if (requested === undefined && organizationId !== undefined) {
    const available = tenant.applicationOrganizationScopes(applicationId, organizationId);
    const audience: TokenAudience = {
      audience: organizationUrn(organizationId),
      scope: [...available].join(' '),
      accessTokenTTL: ORGANIZATION_TOKEN_TTL,
      accessTokenFormat: 'jwt',
    };
    return { audience, available };
  }
  const indicator = requested ?? tenant.defaultResource()?.indicator;
  if (indicator === undefined) {
    throw new errors.InvalidTarget();
  }
  const available = tenant.applicationScopes(applicationId, indicator, organizationId);
  const ttl = tenant.resource(indicator)?.accessTokenTtl ?? DEFAULT_ACCESS_TOKEN_TTL;
  return { audience: apiAudience(tenant, indicator, ttl, available), available };
}
