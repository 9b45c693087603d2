import { Guard, type GuardOptions, type GuardOptionsOf, isPreflight, isRefusal } from './http/guard.ts';
import type { ErrorAnswer } from './http/response.ts';
import { openSession, sessionOf } from './http/session.ts';
import type { CallContext } from './loader.ts';
import type { PermissionModel, ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

type Answer = Response | Promise<Response>;

/** A Fetch handler. `Rest` is what the host gives besides the request: `env, ctx` on Workers, `info` on Deno. */
export type FetchHandler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Promise<Response>;

/** A handler behind {@link requireAuth}: the verified token comes second. */
export type AuthorizedHandler<Rest extends unknown[], Auth = AccessToken> = (
  request: Request,
  auth: Auth,
  ...rest: Rest
) => Answer;

interface WorkersExtras<Rest extends unknown[]> {
  /** Answers CORS preflights, which carry no credentials. Without it they are refused like any other such request. */
  readonly preflight?: (request: Request, ...rest: Rest) => Answer;
}

/** The options of {@link requireAuth}. */
export type RequireAuthOptions<
  Model extends PermissionModel = 'resource',
  Rest extends unknown[] = unknown[],
> = GuardOptionsOf<Model, Request> & WorkersExtras<Rest>;

type Arguments<Options, Model> = Model extends 'resource' ? [options?: Options] : [options: Options];

/**
 * Wraps a Fetch handler so that only requests with a valid access token reach it; the token is its second argument.
 *
 * Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
 * `Retry-After` while the issuer's keys cannot be loaded; the body is JSON with `error`, `error_description` and `code`.
 * A Worker's `ctx` among the arguments keeps background refreshes of the keys alive.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireAuth<Model extends PermissionModel, Rest extends unknown[]>(
  verifier: AsyncVerifier<Model>,
  handler: AuthorizedHandler<Rest, AccessToken | null>,
  options: RequireAuthOptions<Model, Rest> & { readonly optional: boolean },
): FetchHandler<Rest>;
export function requireAuth<Model extends PermissionModel, Rest extends unknown[]>(
  verifier: AsyncVerifier<Model>,
  handler: AuthorizedHandler<Rest>,
  ...options: Arguments<RequireAuthOptions<Model, Rest> & { readonly optional?: false }, Model>
): FetchHandler<Rest>;
export function requireAuth<Model extends PermissionModel, Rest extends unknown[]>(
  verifier: AsyncVerifier<Model>,
  handler: AuthorizedHandler<Rest, never>,
  options: GuardOptions<Request> & WorkersExtras<Rest> = {},
): FetchHandler<Rest> {
  const { preflight } = options;
  const guard = new Guard<Request>(verifier as AsyncVerifier<PermissionModel>, options, ['preflight']);

  return async (request, ...rest) => {
    if (preflight !== undefined && isPreflight(request.method, request)) return preflight(request, ...rest);
    let token: AccessToken | null;
    try {
      token = await guard.admit(request, request, contextAmong(rest));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return respond(request, guard.answer(error));
    }
    openSession(request, { guard, token, preflight: false });
    return handler(request, token as never, ...rest);
  };
}

/**
 * Wraps a handler behind {@link requireAuth} so that it demands further scopes. Others are answered with 403, or 401 if
 * the request is anonymous.
 */
export function requireScopes<Rest extends unknown[], Auth extends AccessToken | null>(
  scopes: ScopeRequirement,
  handler: AuthorizedHandler<Rest, Auth>,
): AuthorizedHandler<Rest, Auth> {
  return async (request, auth, ...rest) => {
    const { guard, token } = sessionOf(request);
    const refused = guard.lacks(token, scopes);
    return refused === undefined ? handler(request, auth, ...rest) : respond(request, refused);
  };
}

function respond(request: Request, { status, headers, body }: ErrorAnswer): Response {
  return new Response(request.method === 'HEAD' ? null : body, { status, headers });
}

function contextAmong(rest: readonly unknown[]): CallContext | undefined {
  return rest.find((item): item is CallContext => {
    return typeof item === 'object' && item !== null && 'waitUntil' in item && typeof item.waitUntil === 'function';
  });
}
