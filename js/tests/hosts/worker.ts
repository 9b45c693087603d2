// The Worker under test: a small API, and a runner for the shared vectors.
import * as standard from 'scopegate';
import { tokenKind } from 'scopegate/claims';
import * as webcrypto from 'scopegate/webcrypto';
import { type FetchHandler, requireAuth, requireScopes } from 'scopegate/workers';
import { judge } from '../support/judge.ts';
import type { Api, VectorFile } from '../support/vectors.ts';

interface Env {
  /** Where the test serves key sets: each verifier has a path of its own. */
  readonly ISSUER: string;
}

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

type Handler = FetchHandler<[env: Env, ctx: Context]>;

const audience = 'https://api.yourapp.com';
const { createVerifier, ScopegateError } = standard;

const subject = (_request: Request, auth: { subject: string } | null): Response =>
  Response.json({ subject: auth?.subject ?? null });

/** The routes; verifiers are made at the first request, when the issuer is known. */
function routesOf({ ISSUER }: Env): Record<string, Handler> {
  const issuer = ISSUER;
  const at = (path: string, keyRefresh = {}) => {
    return createVerifier({ issuer, audience, jwksUri: `${ISSUER}/jwks/${path}`, keyRefresh });
  };
  const main = at('main');
  const organizations = createVerifier({
    issuer,
    audience,
    jwksUri: `${ISSUER}/jwks/main`,
    permissionModel: 'organization-resource',
  });
  const sync = at('sync');
  return {
    '/posts': requireAuth(main, subject, { scopes: 'read:posts', realm: 'blog' }),
    '/write': requireAuth(main, requireScopes('write:posts', subject)),
    '/optional': requireAuth(main, subject, { optional: true }),
    '/organizations': requireAuth(organizations, subject, {
      organization: ({ headers }) => headers.get('x-organization'),
    }),
    '/crowd': requireAuth(at('crowd'), subject),
    '/deserted': requireAuth(at('deserted', { lease: 1 }), subject),
    '/refresh': requireAuth(at('refresh', { ttl: 1 }), subject),
    '/down': requireAuth(at('down'), subject),
    '/redirect': requireAuth(at('redirect'), subject),
    '/endless': requireAuth(at('endless'), subject),
    '/sync': async (request, _env, ctx) => {
      const token = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
      try {
        return Response.json({ subject: sync.verifySync(token, {}, ctx).subject });
      } catch (error) {
        return Response.json({ code: error instanceof ScopegateError ? error.code : String(error) });
      }
    },
    '/webcrypto': requireAuth(
      webcrypto.createVerifier({ issuer, audience, jwksUri: `${ISSUER}/jwks/webcrypto` }),
      subject,
    ),
    '/kind': async (request) => Response.json(tokenKind(await request.text())),
    '/vectors/scopegate': vectors({ ...standard, sync: true } as Api),
    '/vectors/webcrypto': vectors({ ...webcrypto, sync: false } as unknown as Api),
  };
}

/** Runs all cases of a vector file, and tells what is wrong. */
function vectors(api: Api): Handler {
  return async (request) => Response.json(await judge(api, (await request.json()) as VectorFile));
}

let routes: Record<string, Handler> | undefined;

export default {
  fetch(request: Request, env: Env, ctx: Context): Promise<Response> | Response {
    routes ??= routesOf(env);
    const route = routes[new URL(request.url).pathname];
    return route === undefined ? new Response(null, { status: 404 }) : route(request, env, ctx);
  },
};
