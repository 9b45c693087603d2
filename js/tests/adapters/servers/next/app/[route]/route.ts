import type { NextRequest } from 'next/server.js';
import type { AccessToken } from 'scopegate';
import { type RouteContext, requireAuth, requireScopes } from 'scopegate/next';
import { fails, MORE, organizations, outage, POSTS, resource, subject } from '../../api.ts';

type Context = RouteContext<{ route: string }>;
type Handler = (request: NextRequest, context: Context) => Response | Promise<Response>;

const answer = (_request: NextRequest, auth: AccessToken | null, _context: Context) => Response.json(subject(auth));
const more = requireScopes([...MORE], answer);

const routes: Record<string, Handler> = {
  posts: requireAuth(resource, answer, POSTS),
  any: requireAuth(resource, answer),
  more: requireAuth(resource, more),
  optional: requireAuth(resource, answer, { optional: true }),
  'optional-more': requireAuth(resource, more, { optional: true }),
  outage: requireAuth(outage, answer),
  'by-header': requireAuth(organizations, answer, {
    organization: ({ request }) => request.headers.get('x-organization'),
  }),
  'by-function': requireAuth(organizations, answer, {
    organization: async ({ request }) => request.nextUrl.searchParams.get('organization'),
    scopes: 'read:posts',
  }),
  fixed: requireAuth(organizations, answer, { organization: 'org1' }),
  cors: requireAuth(resource, requireScopes('read:posts', answer), {
    preflight: (request, context) => answer(request, null, context),
  }),
  throws: requireAuth(organizations, answer, { organization: fails }),
  forgotten: (request, context) => requireScopes('read:posts', answer)(request, null, context),
};

async function handler(request: NextRequest, context: Context): Promise<Response> {
  const route = routes[(await context.params).route];
  return route === undefined ? new Response(null, { status: 404 }) : route(request, context);
}

export { handler as DELETE, handler as GET, handler as HEAD, handler as OPTIONS };
