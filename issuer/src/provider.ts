/** The OIDC provider, configured as Logto configures it. One provider serves one issuer identifier. */

import Provider, { type Configuration } from 'oidc-provider';
import { allowedOrigins } from './applications.ts';
import { type CustomClaims, extraClaims, userClaims } from './claims.ts';
import * as clientCredentials from './grants/client-credentials.ts';
import { ORGANIZATIONS_SCOPE, parameter } from './grants/common.ts';
import * as refreshToken from './grants/refresh-token.ts';
import { ID_TOKEN_TTL, useLogtoIdTokens } from './id-token.ts';
import type { KeyRing } from './keys.ts';
import { logoutPage } from './pages.ts';
import { userResourceAudience } from './resources.ts';
import type { MemoryStorage } from './storage.ts';
import { DEFAULT_ACCESS_TOKEN_TTL, type Tenant } from './tenant.ts';

/** Everything a provider is built from. */
export interface ProviderSetup {
  /** Issuer identifier, ending in `/oidc`. */
  issuer: string;
  tenant: Tenant;
  keys: KeyRing;
  storage: MemoryStorage;
  cookieKeys: string[];
  idTokenType: 'JWT' | undefined;
  customClaims: CustomClaims | undefined;
}

const DAY = 24 * 3600;

const SUPPORTED_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512'] as const;

/** Builds a provider that signs with the current key and publishes all keys of the ring. */
export function buildProvider(setup: ProviderSetup): Provider {
  const { issuer, tenant, keys } = setup;
  const provider = new Provider(issuer, configuration(setup));
  useLogtoIdTokens(provider, keys.current, setup.idTokenType);
  provider.registerGrantType('refresh_token', refreshToken.refreshToken(tenant), refreshToken.parameters, 'resource');
  provider.registerGrantType(
    'client_credentials',
    clientCredentials.clientCredentials(tenant),
    clientCredentials.parameters,
    'resource',
  );
  return provider;
}

function configuration(setup: ProviderSetup): Configuration {
  const { tenant, keys, storage } = setup;
  const signingAlgorithm = keys.current.algorithm;
  return {
    adapter: storage.adapter,
    jwks: { keys: keys.published.map((key) => key.jwk) },
    enabledJWA: {
      idTokenSigningAlgValues: [...SUPPORTED_ALGORITHMS],
      userinfoSigningAlgValues: [...SUPPORTED_ALGORITHMS],
      introspectionSigningAlgValues: [...SUPPORTED_ALGORITHMS],
      authorizationSigningAlgValues: [...SUPPORTED_ALGORITHMS],
    },
    clientDefaults: { id_token_signed_response_alg: signingAlgorithm },
    conformIdTokenClaims: false,
    cookies: {
      keys: setup.cookieKeys,
      long: { signed: true, path: '/' },
      short: { signed: true, path: '/' },
    },
    routes: {
      authorization: '/auth',
      token: '/token',
      userinfo: '/me',
      jwks: '/jwks',
      introspection: '/token/introspection',
      revocation: '/token/revocation',
      end_session: '/session/end',
    },
    scopes: [
      'openid',
      'offline_access',
      'profile',
      'email',
      'roles',
      ORGANIZATIONS_SCOPE,
      'urn:logto:scope:organization_roles',
    ],
    claims: {
      openid: ['sub'],
      profile: ['name', 'picture', 'username', 'created_at', 'updated_at'],
      email: ['email', 'email_verified'],
      roles: ['roles'],
      [ORGANIZATIONS_SCOPE]: ['organizations'],
      'urn:logto:scope:organization_roles': ['organization_roles'],
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true },
      clientCredentials: { enabled: true },
      backchannelLogout: { enabled: true },
      dPoP: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = logoutPage(form);
        },
      },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => false,
        // The provider's contract is "an indicator or nothing"; its type lacks the latter.
        defaultResource: () => undefined as unknown as string,
        getResourceServerInfo: (ctx, indicator) => {
          const audience = userResourceAudience(
            tenant,
            indicator,
            ctx.oidc.session?.accountId ?? ctx.oidc.entities.Account?.accountId,
            parameter(ctx, 'organization_id'),
          );
          return { ...audience, jwt: { sign: { alg: signingAlgorithm, kid: keys.current.kid } } };
        },
      },
    },
    pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none', methods: ['S256'] },
    interactions: {
      url: (_ctx, interaction) => (interaction.prompt.name === 'consent' ? '/consent' : '/sign-in'),
    },
    clientBasedCORS: (_ctx, origin, client) => allowedOrigins(tenant.application(client.clientId)).has(origin),
    findAccount: (_ctx, id) => {
      const user = tenant.user(id);
      return user && { accountId: id, claims: () => userClaims(tenant, user) };
    },
    issueRefreshToken: (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    extraTokenClaims: (ctx, token) => extraClaims(setup.customClaims, ctx, token),
    formats: {
      customizers: {
        // `oidc-provider` leaves an empty scope out; Logto keeps it.
        jwt: (_ctx, token, jwt) => {
          if (token.scope === '') {
            jwt.payload.scope = '';
          }
          return jwt;
        },
      },
    },
    ttl: {
      AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? DEFAULT_ACCESS_TOKEN_TTL,
      ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? DEFAULT_ACCESS_TOKEN_TTL,
      IdToken: ID_TOKEN_TTL,
      Interaction: 3600,
      RefreshToken: 14 * DAY,
      Session: 14 * DAY,
      Grant: 14 * DAY,
      AuthorizationCode: 600,
    },
  };
}
