// What every server of the conformance suite serves: the same verifiers, the same options, in each framework's own way.
// Knows no runtime: Node, Deno, Bun, workerd and Next load it.
import {
  type AccessToken,
  anyOf,
  createVerifier,
  protectedResourceMetadata,
  protectedResourceMetadataUrl,
  type ScopeRequirement,
} from 'scopegate';

/** Whose tokens the servers take, and what time it is for them: JSON, for those in processes of their own. */
export interface Tenant {
  readonly endpoint: string;
  readonly audience: string;
  readonly jwks: { readonly keys: readonly object[] };
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** The variable that hands the tenant to a process. */
export const TENANT = 'SCOPEGATE_TENANT';

export const METADATA = protectedResourceMetadataUrl('https://api.yourapp.com');

/** The options of `/posts`. */
export const POSTS = { scopes: 'read:posts', realm: 'blog', resourceMetadata: METADATA } as const;

/** What `/more` demands besides. */
export const MORE: [ScopeRequirement, ScopeRequirement] = ['write:posts', anyOf('delete:posts', 'admin:posts')];

/** What every handler behind a guard answers with. */
export const subject = (auth: AccessToken | null | undefined): { subject: string | null } => ({
  subject: auth?.subject ?? null,
});

/** What an organization function may do wrong. */
export const fails = (): Promise<string> => Promise.reject(new Error('no such host'));

export type Api = ReturnType<typeof createApi>;

export function createApi({ endpoint, audience, jwks, now }: Tenant) {
  const options = { endpoint, audience, clock: () => now } as const;
  const scopes = ['read:posts', 'write:posts'];
  return {
    resource: createVerifier({ ...options, jwks }),
    organizations: createVerifier({ ...options, jwks, permissionModel: 'organization-resource' }),
    outage: createVerifier({ ...options, fetch: () => Promise.reject(new Error('down')) }),
    /** By path. */
    metadata: Object.fromEntries(
      [audience, `${audience}/v1`].map((resource) => [
        new URL(protectedResourceMetadataUrl(resource)).pathname,
        protectedResourceMetadata({ endpoint, resource, scopes, name: 'Blog' }),
      ]),
    ),
  };
}
