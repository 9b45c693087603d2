import { env } from 'cloudflare:workers';
import { createVerifier } from 'scopegate';
import { type FetchHandler, requireAuth, requireScopes } from 'scopegate/workers';
import { createPost, deletePost, listOrganizationPosts, listPosts } from './posts.ts';

const impliedScopes = { 'admin:all': ['read:posts', 'write:posts', 'delete:posts'] };

const verifier = createVerifier({ endpoint: env.LOGTO_ENDPOINT, audience: env.API_RESOURCE, impliedScopes });

const organizationVerifier = createVerifier({
  endpoint: env.LOGTO_ENDPOINT,
  audience: env.ORGANIZATION_API_RESOURCE,
  permissionModel: 'organization-resource',
  impliedScopes,
});

const readPosts = requireAuth(
  verifier,
  requireScopes('read:posts', () => Response.json(listPosts())),
);

const writePost = requireAuth(
  verifier,
  requireScopes('write:posts', async (request, auth) => {
    const body: { title?: unknown } | null = await request.json<{ title?: unknown }>().catch(() => null);
    if (typeof body?.title !== 'string' || body.title === '') {
      return Response.json({ error: 'a post needs a title' }, { status: 400 });
    }
    return Response.json(createPost(body.title, auth.subject), { status: 201 });
  }),
);

const removePost = requireAuth(
  verifier,
  requireScopes('delete:posts', (request) => {
    return new Response(null, { status: deletePost(idIn(request)) ? 204 : 404 });
  }),
);

const readOrganizationPosts = requireAuth(
  organizationVerifier,
  (request) => Response.json(listOrganizationPosts(idIn(request))),
  { organization: idIn, scopes: 'read:posts' },
);

/** The second segment of the path. */
function idIn(request: Request): string {
  return new URL(request.url).pathname.split('/')[2] ?? '';
}

type Handler = FetchHandler<[Cloudflare.Env, ExecutionContext]>;

const routes: [method: string, path: RegExp, handler: Handler][] = [
  ['GET', /^\/posts$/, readPosts],
  ['POST', /^\/posts$/, writePost],
  ['DELETE', /^\/posts\/[\w-]+$/, removePost],
  ['GET', /^\/organizations\/[\w-]+\/posts$/, readOrganizationPosts],
];

export default {
  async fetch(request, environment, context) {
    const { pathname } = new URL(request.url);
    const route = routes.find(([method, path]) => method === request.method && path.test(pathname));
    return route === undefined
      ? Response.json({ error: 'not found' }, { status: 404 })
      : route[2](request, environment, context);
  },
} satisfies ExportedHandler<Cloudflare.Env>;
