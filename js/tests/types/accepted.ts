// What has to compile, in every kind of project.
import {
  type AccessToken,
  allOf,
  anyOf,
  createVerifier,
  ScopegateError,
  type Verifier,
  verifyIdToken,
} from 'scopegate';
import { requireAuth, requireScopes } from 'scopegate/workers';

const endpoint = 'https://tenant.logto.app';
const audience = 'https://api.yourapp.com';

const resource: Verifier = createVerifier({ endpoint, audience });
const several = createVerifier({
  issuer: [`${endpoint}/oidc`, 'https://auth.yourapp.com/oidc'],
  audience: [audience] as const,
});
const organizationResource = createVerifier({
  endpoint,
  audience,
  permissionModel: 'organization-resource',
  typ: null,
});
const organization: Verifier<'organization'> = createVerifier({ endpoint, permissionModel: 'organization' });

export async function calls(jwt: string, request: Request): Promise<AccessToken[]> {
  const report = await resource.explain(jwt);
  if (report.verdict === 'refused') report.steps.find(({ status }) => status === 'fail')?.hint?.toUpperCase();
  await verifyIdToken(jwt, { endpoint, clientId: 'app', nonce: 'n' });
  const scopes: string | undefined = undefined;
  const token = await resource.verify(jwt, scopes === undefined ? {} : { scopes });
  const member: boolean = token.scopes.has('write:posts') && token.organizationId !== null;
  resource.requireScopes(token, member ? 'a' : ['b', anyOf('c', allOf('d', 'e'))]);
  return [
    token,
    resource.verifySync(jwt),
    await several.authenticate(request, { scopes: ['a', 'b'] }),
    await organizationResource.verify(jwt, { organization: 'org1', scopes: anyOf('a', 'b') }),
    organization.verifySync(jwt, { organization: 'org1' }),
  ];
}

export function status(error: unknown): number {
  if (!(error instanceof ScopegateError)) throw error;
  return error.code === 'keys_unavailable' ? (error.retryAfter ?? 1) : (error.status ?? 500);
}

interface Env {
  readonly GREETING: string;
}
interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

export default {
  fetch: requireAuth(
    resource,
    requireScopes('read:posts', (_request, auth, env: Env, _ctx: Context) => new Response(env.GREETING + auth.subject)),
  ),
};

export const optional = requireAuth(resource, (_request, auth) => new Response(auth?.subject ?? null), {
  optional: true,
});

export const organizations = requireAuth(organization, (_request, auth) => new Response(auth.organizationId), {
  organization: ({ headers }) => headers.get('x-organization'),
  scopes: 'read:posts',
});
