/**
 * Tokens by real flows, over HTTP, as an application and a browser would get them: Logto's own SDK asks, and a
 * {@link Browser} fills in the sign-in page.
 */

import LogtoClient, { type LogtoConfig, UserScope } from '@logto/node';
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { Browser } from './browser.ts';
import { BLOG_SCOPES, TUTORIAL } from './tutorial.ts';

type Storage = ConstructorParameters<typeof LogtoClient>[1]['storage'];

/** Who signs in, where, and what the application asks for. */
export interface SignInOptions {
  username: string;
  /** Application id; the tutorial's web application by default. */
  applicationId?: string;
  /** Secret of a confidential application. */
  applicationSecret?: string;
  /** A registered redirect URI; the tutorial's by default. Nothing needs to listen there. */
  redirectUri?: string;
  /** Resource indicators to ask for at sign-in. */
  resources?: readonly string[];
  /** API scopes to ask for at sign-in; all of the tutorial's by default. */
  scopes?: readonly string[];
  /** The browser to sign in with; a fresh one by default. One that is signed in already is not asked again. */
  browser?: Browser;
  /** Asks for the organizations scope; needed for every organization token. True by default. */
  organizations?: boolean;
}

export { Browser };

/** A signed-in user of one application. */
export interface Session {
  /** An access token for `resource`, optionally for one organization; without both, the opaque token. */
  accessToken(resource?: string, organizationId?: string): Promise<string>;
  /** The organization token (no resource). */
  organizationToken(organizationId: string): Promise<string>;
  idToken(): Promise<string>;
  refreshToken(): Promise<string>;
  /** Forgets tokens got so far, so that the next call asks the issuer again. */
  forgetAccessTokens(): Promise<void>;
}

/** A client credentials request. */
export interface MachineOptions {
  /** Application id and secret; the tutorial's machine by default. */
  applicationId?: string;
  applicationSecret?: string;
  resource?: string;
  organizationId?: string;
  scopes?: readonly string[];
}

/** Where the flows run: an `Issuer`, or just the address of one. */
export interface FlowTarget {
  readonly endpoint: string;
  /**
   * The key set to check ID tokens with. Without it the flows fetch the key set, which shows in the issuer's count of
   * such requests.
   */
  readonly jwks?: () => JSONWebKeySet;
}

/** The token endpoint refused a request. */
export class TokenRequestError extends Error {
  readonly status: number;
  /** OAuth error code. */
  readonly code: string;

  constructor(status: number, code: string, description: string | undefined) {
    super(description === undefined ? code : `${code}: ${description}`);
    this.name = 'TokenRequestError';
    this.status = status;
    this.code = code;
  }
}

/** The flows against one issuer. */
export function createFlows(target: FlowTarget) {
  return {
    /** Authorization code flow with PKCE (S256) through the sign-in page. */
    signIn: (options: SignInOptions) => signIn(target, options),
    /** Client credentials; resolves to the access token. */
    machineToken: (options: MachineOptions = {}) => machineToken(target, options),
  };
}

async function signIn(target: FlowTarget, options: SignInOptions): Promise<Session> {
  const { endpoint } = target;
  const config: LogtoConfig = {
    endpoint,
    appId: options.applicationId ?? TUTORIAL.applications.web,
    ...(options.applicationSecret === undefined ? {} : { appSecret: options.applicationSecret }),
    resources: [...(options.resources ?? [])],
    scopes: [
      ...(options.scopes ?? BLOG_SCOPES),
      UserScope.Roles,
      UserScope.Email,
      ...(options.organizations === false ? [] : [UserScope.Organizations, UserScope.OrganizationRoles]),
    ],
  };
  const redirectUri = options.redirectUri ?? TUTORIAL.redirectUri;
  const storage = memoryStorage();
  let signInUri: string | undefined;
  const navigate = (url: string) => {
    signInUri = url;
  };
  const client = new LogtoClient(config, { storage, navigate, requester: requester(config) }, () =>
    idTokenVerifier(target, config.appId),
  );
  await client.signIn({ redirectUri });
  if (signInUri === undefined) {
    throw new Error('the SDK did not navigate to the sign-in page');
  }
  const browser = options.browser ?? new Browser();
  const callbackUri = await browser.signIn(signInUri, redirectUri, options.username);
  await client.handleSignInCallback(callbackUri);
  return session(client);
}

/**
 * Checks ID tokens on behalf of the SDK. The SDK's own verifier waits 30 seconds before it asks for the key set again,
 * too long for a driver that signs in right after a rotation.
 */
function idTokenVerifier(target: FlowTarget, audience: string) {
  const issuer = `${target.endpoint}/oidc`;
  return {
    async verifyIdToken(idToken: string): Promise<void> {
      const published = target.jwks?.();
      const keys =
        published === undefined
          ? createRemoteJWKSet(new URL(`${issuer}/jwks`), { cooldownDuration: 0 })
          : createLocalJWKSet(published);
      await jwtVerify(idToken, keys, { issuer, audience });
    },
  };
}

function session(client: LogtoClient): Session {
  const stored = (value: string | null, name: string): string => {
    if (value === null) {
      throw new Error(`the issuer gave no ${name}`);
    }
    return value;
  };
  return {
    accessToken: (resource, organizationId) => client.getAccessToken(resource, organizationId),
    organizationToken: (organizationId) => client.getOrganizationToken(organizationId),
    idToken: async () => stored(await client.getIdToken(), 'ID token'),
    refreshToken: async () => stored(await client.getRefreshToken(), 'refresh token'),
    forgetAccessTokens: () => client.clearAccessToken(),
  };
}

async function machineToken({ endpoint }: FlowTarget, options: MachineOptions): Promise<string> {
  const request = requester({
    appId: options.applicationId ?? TUTORIAL.applications.machine,
    appSecret: options.applicationSecret ?? TUTORIAL.machineSecret,
  });
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  for (const [name, value] of Object.entries({
    resource: options.resource,
    organization_id: options.organizationId,
    scope: options.scopes?.join(' '),
  })) {
    if (value !== undefined) {
      body.set(name, value);
    }
  }
  const { access_token } = await request<{ access_token: string }>(`${endpoint}/oidc/token`, { method: 'POST', body });
  return access_token;
}

/** Sends requests for the SDK and for us; answers other than 2xx become a {@link TokenRequestError}. */
function requester({ appId, appSecret }: { appId: string; appSecret?: string | undefined }) {
  return async <T>(...[input, init]: Parameters<typeof fetch>): Promise<T> => {
    const headers = new Headers(init?.headers);
    if (appSecret !== undefined) {
      headers.set('authorization', `Basic ${Buffer.from(`${appId}:${appSecret}`).toString('base64')}`);
    }
    const response = await fetch(input, { ...init, headers });
    const answer: unknown = await response.json().catch(() => ({}));
    if (!response.ok) {
      const { error = 'unknown', error_description } = answer as { error?: string; error_description?: string };
      throw new TokenRequestError(response.status, error, error_description);
    }
    return answer as T;
  };
}

function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: async (key) => items.get(key) ?? null,
    setItem: async (key, value) => {
      items.set(key, value);
    },
    removeItem: async (key) => {
      items.delete(key);
    },
  };
}
