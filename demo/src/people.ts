/** The tokens of the demonstration, each from a real flow: sign-in with PKCE over HTTP, or client credentials. */

import { BLOG_API, BLOG_ORGANIZATION_API, type Issuer, OTHER_API, TUTORIAL } from '@scopegate/issuer';
import { createFlows, type Session } from '@scopegate/issuer/flows';
import { ORGANIZATION } from './expectations.ts';

/** The tokens somebody sends: one for the posts' routes, one for the organization's. Absent: none is sent. */
export interface Credentials {
  posts?: string;
  organization?: string;
}

/** One token for every route. */
export const both = (token: string): Credentials => ({ posts: token, organization: token });

/** Signed-in users and a machine, and the kinds of token they can get. */
export class People {
  readonly #flows: ReturnType<typeof createFlows>;
  readonly #issuer: Issuer;
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(issuer: Issuer) {
    this.#issuer = issuer;
    this.#flows = createFlows(issuer);
  }

  /** An access token for the posts. */
  async api(username: string): Promise<string> {
    return (await this.#session(username)).accessToken(BLOG_API);
  }

  /** An access token for the organizations' posts, in one organization or (as nobody should ask) in none. */
  async organizationApi(username: string, organizationId?: string): Promise<string> {
    return (await this.#session(username)).accessToken(BLOG_ORGANIZATION_API, organizationId);
  }

  async otherApi(username: string): Promise<string> {
    return (await this.#session(username)).accessToken(OTHER_API);
  }

  async opaque(username: string): Promise<string> {
    return (await this.#session(username)).accessToken();
  }

  async idToken(username: string): Promise<string> {
    return (await this.#session(username)).idToken();
  }

  machine(): Promise<string> {
    return this.#flows.machineToken({ resource: BLOG_API, scopes: ['read:posts', 'write:posts'] });
  }

  /** The administrator's tokens, each for its route. */
  async administrator(): Promise<Credentials> {
    return { posts: await this.api('admin'), organization: await this.organizationApi('admin', ORGANIZATION) };
  }

  /** The administrator's tokens, issued with a lifetime that is over. */
  async expiredAdministrator(): Promise<Credentials> {
    const resources = [BLOG_API, BLOG_ORGANIZATION_API];
    const lifetimes = resources.map((indicator) => this.#issuer.tenant.resource(indicator)?.accessTokenTtl);
    for (const indicator of resources) {
      this.#issuer.setAccessTokenTtl(indicator, -60);
    }
    await this.forgetTokens();
    const expired = await this.administrator();
    resources.forEach((indicator, index) => {
      this.#issuer.setAccessTokenTtl(indicator, lifetimes[index] ?? 3600);
    });
    await this.forgetTokens();
    return expired;
  }

  /** Makes the next call of each kind ask the issuer again. */
  async forgetTokens(): Promise<void> {
    for (const session of this.#sessions.values()) {
      await (await session).forgetAccessTokens();
    }
  }

  #session(username: string): Promise<Session> {
    const resources = [BLOG_API, BLOG_ORGANIZATION_API, OTHER_API];
    const session = this.#sessions.get(username) ?? this.#flows.signIn({ username, resources, scopes: SCOPES });
    this.#sessions.set(username, session);
    return session;
  }
}

const SCOPES = ['read:posts', 'write:posts', 'delete:posts', 'admin:all', 'read:invoices'];

/** Gives the token's holder every permission, as somebody without the issuer's key would: the signature stays. */
export function forge(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const forged = JSON.stringify({ ...claims, scope: 'admin:all' });
  return `${header}.${Buffer.from(forged).toString('base64url')}.${signature}`;
}

/** Where a user is known to belong: for the rows about organizations. */
export const OTHER_ORGANIZATION = TUTORIAL.organizations.globex;
