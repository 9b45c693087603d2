import type { AccessToken } from 'scopegate';
import { metadataHandler, requireAuth, requireScopes } from 'scopegate/workers';
import { type Api, fails, MORE, POSTS, subject } from '../api.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** The API as a Fetch handler, for Workers, Deno and Bun. */
export function createHandler({ resource, organizations, outage, metadata }: Api): Handler {
  const answer = (_request: Request, auth: AccessToken | null) => Response.json(subject(auth));
  const more = requireScopes([...MORE], answer);
  const segment = ({ url }: Request) => new URL(url).pathname.split('/')[2];
  const query = async ({ url }: Request) => new URL(url).searchParams.get('organization');
  const routes: Record<string, Handler> = {
    posts: requireAuth(resource, answer, POSTS),
    any: requireAuth(resource, answer),
    more: requireAuth(resource, more),
    optional: requireAuth(resource, answer, { optional: true }),
    'optional-more': requireAuth(resource, more, { optional: true }),
    outage: requireAuth(outage, answer),
    organizations: requireAuth(organizations, answer, { organization: segment }),
    'by-header': requireAuth(organizations, answer, { organization: ({ headers }) => headers.get('x-organization') }),
    'by-function': requireAuth(organizations, answer, { organization: query, scopes: 'read:posts' }),
    fixed: requireAuth(organizations, answer, { organization: 'org1' }),
    cors: requireAuth(resource, requireScopes('read:posts', answer), {
      preflight: (request) => answer(request, null),
    }),
    throws: requireAuth(organizations, answer, { organization: fails }),
    forgotten: async (request) => requireScopes('read:posts', answer)(request, null),
  };
  const documents = Object.fromEntries(
    Object.entries(metadata).map(([path, document]) => [path, metadataHandler(document)]),
  );
  return async (request) => {
    const { pathname } = new URL(request.url);
    const handler = documents[pathname] ?? routes[pathname.split('/')[1] ?? ''];
    return handler === undefined ? new Response(null, { status: 404 }) : handler(request);
  };
}
