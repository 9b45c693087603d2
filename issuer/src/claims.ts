/** Claims that the tenant's data decide: of ID tokens and userinfo, and the additional ones of access tokens. */

import type { KoaContextWithOIDC } from 'oidc-provider';
import { parameter } from './grants/common.ts';
import type { Tenant, User } from './tenant.ts';

/** What a custom-claims script is told about the token it may extend. */
export interface CustomClaimsInput {
  readonly clientId: string;
  /** Absent in machine-to-machine tokens. */
  readonly userId?: string;
  readonly audience: string;
  readonly organizationId?: string;
}

/**
 * Logto's custom token claims: returns members to add to an access token. As in Logto they can add or replace anything
 * but `iss`, `aud`, `sub`, `exp`, `iat`, `jti`, `scope` and `client_id`; `organization_id` too can be replaced.
 */
export type CustomClaims = (token: CustomClaimsInput) => Record<string, unknown>;

/** Claims of the ID token and of userinfo; the provider keeps those whose scope was granted. */
export function userClaims(tenant: Tenant, user: User) {
  const organizations = tenant.organizationsOf(user.id);
  return {
    sub: user.id,
    name: user.name ?? null,
    picture: user.picture ?? null,
    username: user.username,
    created_at: ACCOUNT_CREATED_AT,
    updated_at: ACCOUNT_CREATED_AT,
    ...(user.email === undefined ? {} : { email: user.email, email_verified: true }),
    roles: user.roles ?? [],
    organizations: organizations.map((organization) => organization.id),
    organization_roles: organizations.flatMap((organization) =>
      (organization.members?.[user.id] ?? []).map((role) => `${organization.id}:${role}`),
    ),
  };
}

/** Logto reports account times in milliseconds. */
const ACCOUNT_CREATED_AT = Date.UTC(2025, 0, 1);

/**
 * Members of an access token besides the registered ones: the organization of an API token, then the custom claims, as
 * in Logto. An organization token names its organization in `aud` alone; opaque tokens carry nothing.
 */
export function extraClaims(
  customClaims: CustomClaims | undefined,
  ctx: KoaContextWithOIDC,
  token: { aud?: unknown; clientId?: string | undefined; kind: string },
) {
  const audience = typeof token.aud === 'string' ? token.aud : undefined;
  if (audience === undefined) {
    return undefined;
  }
  const organizationId = parameter(ctx, 'organization_id');
  const perOrganization = organizationId !== undefined && parameter(ctx, 'resource') !== undefined;
  const userId = 'accountId' in token && typeof token.accountId === 'string' ? token.accountId : undefined;
  return {
    ...(perOrganization ? { organization_id: organizationId } : {}),
    ...customClaims?.({
      clientId: token.clientId ?? '',
      audience,
      ...(userId === undefined ? {} : { userId }),
      ...(perOrganization ? { organizationId } : {}),
    }),
  };
}
