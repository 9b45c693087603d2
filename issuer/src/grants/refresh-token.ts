/**
 * The refresh token grant (RFC 6749 section 6) with resource indicators (RFC 8707) and Logto's organizations.
 *
 * | `resource` | `organization_id` | token |
 * |---|---|---|
 * | – | – | opaque, for userinfo |
 * | yes | – | API token; scopes of global roles and of all the user's organizations |
 * | – | yes | organization token, `aud` = `urn:logto:organization:<id>` |
 * | yes | yes | API token with `organization_id`; scopes of global roles and of that organization |
 */

import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { userResourceAudience } from '../resources.ts';
import { organizationUrn, type Tenant } from '../tenant.ts';
import {
  notInOrganization,
  ORGANIZATION_TEMPLATE_RESOURCE,
  ORGANIZATION_TOKEN_TTL,
  ORGANIZATIONS_SCOPE,
  parameter,
  requestedResource,
} from './common.ts';

type Client = NonNullable<KoaContextWithOIDC['oidc']['client']>;
type Grant = NonNullable<KoaContextWithOIDC['oidc']['entities']['Grant']>;

/** The published types leave out what a refresh token inherits from the provider's base token. */
type RefreshToken = NonNullable<KoaContextWithOIDC['oidc']['entities']['RefreshToken']> & {
  readonly resourceIndicators: Set<string>;
};

/** Parameters of the grant besides those of client authentication. */
export const parameters = ['refresh_token', 'scope', 'resource', 'organization_id'];

/** Builds the handler for one tenant. */
export function refreshToken(tenant: Tenant) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    const { provider } = ctx.oidc;
    const { client, token: presented, grant } = await load(ctx);
    const scopes = requestedScopes(ctx, presented);
    const organizationId = parameter(ctx, 'organization_id');
    if (organizationId !== undefined) {
      requireMembership(tenant, presented, organizationId);
    }
    const account = await provider.Account.findAccount(ctx, presented.accountId);
    if (account === undefined) {
      throw new errors.InvalidGrant('refresh token invalid (referenced account not found)');
    }
    ctx.oidc.entity('Account', account);

    const current = await rotate(ctx, client, presented);
    const accessToken = new provider.AccessToken({
      accountId: account.accountId,
      client,
      grantId: String(current.grantId),
      gty: 'refresh_token',
      scope: '',
      sessionUid: current.sessionUid,
      sid: current.sid,
    });
    Object.assign(accessToken, decideAudience(ctx, tenant, current, grant, scopes, organizationId));
    ctx.oidc.entity('AccessToken', accessToken);
    const value = await accessToken.save();

    ctx.body = {
      access_token: value,
      expires_in: accessToken.expiration,
      id_token: await issueIdToken(ctx, current, grant, scopes),
      refresh_token: current.jti,
      scope: accessToken.scope,
      token_type: accessToken.tokenType,
    };
    await next();
  };
}

async function load(ctx: KoaContextWithOIDC): Promise<{ client: Client; token: RefreshToken; grant: Grant }> {
  const { client, provider } = ctx.oidc;
  const presented = parameter(ctx, 'refresh_token');
  if (presented === undefined) {
    throw new errors.InvalidRequest("missing required parameter 'refresh_token'");
  }
  const token = (await provider.RefreshToken.find(presented, { ignoreExpiration: true })) as RefreshToken | undefined;
  if (token === undefined || client === undefined || token.clientId !== client.clientId) {
    throw new errors.InvalidGrant('refresh token not found');
  }
  const grant = await provider.Grant.find(String(token.grantId), { ignoreExpiration: true });
  if (token.isExpired || grant === undefined || grant.isExpired || grant.accountId !== token.accountId) {
    throw new errors.InvalidGrant('refresh token is expired or its grant is gone');
  }
  if (token.consumed !== undefined) {
    // A rotated token came back: somebody else holds it, so everything that grew from it ends (RFC 9700, 4.14.2).
    await Promise.all([
      provider.RefreshToken.revokeByGrantId(String(token.grantId)),
      provider.AccessToken.revokeByGrantId(String(token.grantId)),
    ]);
    throw new errors.InvalidGrant('refresh token already used');
  }
  token.client = client;
  ctx.oidc.entity('RefreshToken', token);
  ctx.oidc.entity('Grant', grant);
  return { client, token, grant };
}

function requestedScopes(ctx: KoaContextWithOIDC, token: RefreshToken): Set<string> {
  const requested = parameter(ctx, 'scope')?.split(' ');
  const missing = requested?.filter((scope) => !token.scopes.has(scope)) ?? [];
  if (missing.length > 0) {
    throw new errors.InvalidScope('refresh token missing requested scopes', missing.join(' '));
  }
  return requested === undefined ? token.scopes : new Set(requested);
}

function requireMembership(tenant: Tenant, token: RefreshToken, organizationId: string): void {
  if (!token.scopes.has(ORGANIZATIONS_SCOPE)) {
    const error = new errors.InsufficientScope('refresh token missing required scope', ORGANIZATIONS_SCOPE);
    error.statusCode = 403;
    throw error;
  }
  if (!tenant.organizationsOf(token.accountId).some((organization) => organization.id === organizationId)) {
    throw notInOrganization('user is not a member of the organization');
  }
}

/** Public clients get a new refresh token each time and the old one is spent, as in Logto. */
async function rotate(ctx: KoaContextWithOIDC, client: Client, token: RefreshToken): Promise<RefreshToken> {
  if (client.clientAuthMethod !== 'none') {
    return token;
  }
  await token.consume();
  const { provider } = ctx.oidc;
  const { accountId, authTime, expiresWithSession, iiat, nonce, resource, sessionUid, sid } = token;
  const renewed = new provider.RefreshToken({
    accountId,
    authTime,
    client,
    expiresWithSession,
    grantId: String(token.grantId),
    gty: 'refresh_token',
    iiat,
    nonce,
    resource,
    scope: token.scope ?? '',
    sessionUid,
    sid,
    rotations: (token.rotations ?? 0) + 1,
  }) as RefreshToken;
  ctx.oidc.entity('RefreshToken', renewed);
  await renewed.save();
  return renewed;
}

/** What the access token is for, and its scope: requested, granted at sign-in, and allowed by today's roles. */
function decideAudience(
  ctx: KoaContextWithOIDC,
  tenant: Tenant,
  token: RefreshToken,
  grant: Grant,
  scopes: Set<string>,
  organizationId: string | undefined,
) {
  const resource = requestedResource(ctx) ?? impliedResource(token, scopes, organizationId);
  if (resource !== undefined) {
    if (!token.resourceIndicators.has(resource)) {
      throw new errors.InvalidTarget();
    }
    const audience = userResourceAudience(tenant, resource, token.accountId, organizationId);
    const allowed = new Set(audience.scope.split(' '));
    const scope = grant.getResourceScopeFiltered(resource, intersect(scopes, allowed));
    return { resourceServer: audience, scope };
  }
  if (organizationId !== undefined) {
    const allowed = tenant.userOrganizationScopes(token.accountId, organizationId);
    return {
      resourceServer: {
        audience: organizationUrn(organizationId),
        scope: [...allowed].join(' '),
        accessTokenTTL: ORGANIZATION_TOKEN_TTL,
        accessTokenFormat: 'jwt',
      },
      scope: grant.getResourceScopeFiltered(ORGANIZATION_TEMPLATE_RESOURCE, intersect(scopes, allowed)),
    };
  }
  return { scope: grant.getOIDCScopeFiltered(scopes) };
}

/** Without `openid` there is no userinfo to call, so the one resource of the sign-in is meant. */
function impliedResource(
  token: RefreshToken,
  scopes: Set<string>,
  organizationId: string | undefined,
): string | undefined {
  return organizationId === undefined && !scopes.has('openid') && typeof token.resource === 'string'
    ? token.resource
    : undefined;
}

async function issueIdToken(
  ctx: KoaContextWithOIDC,
  token: RefreshToken,
  grant: Grant,
  scopes: Set<string>,
): Promise<string | undefined> {
  const { account, provider } = ctx.oidc;
  if (!scopes.has('openid') || account === undefined) {
    return undefined;
  }
  const scope = grant.getOIDCScopeFiltered(scopes);
  const claims = await account.claims('id_token', scope, {}, []);
  const idToken = new provider.IdToken({ ...claims, auth_time: token.authTime }, { ctx });
  Object.assign(idToken, { scope, mask: {}, rejected: [] });
  idToken.set('nonce', token.nonce);
  idToken.set('sid', token.sid);
  return idToken.issue({ use: 'idtoken' });
}

const intersect = (left: Set<string>, right: Set<string>): Set<string> =>
  new Set([...left].filter((value) => right.has(value)));
