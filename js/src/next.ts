import type { NextFetchEvent, NextRequest } from 'next/server.js';
import { type AuthorizedHandler, behind, contextAmong, type PreflightHandler, respond } from './http/fetch.ts';
import { Gate, type PreflightOption } from './http/gate.ts';
import type { GuardOptions, GuardOptionsOf, OptionArguments } from './http/guard.ts';
import type { PermissionModel } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

export { metadataHandler, requireScopes } from './http/fetch.ts';

/** What Next hands to a route handler besides the request. `Params` are those of the path. */
export interface RouteContext<Params extends object = Record<string, string | string[] | undefined>> {
  readonly params: Promise<Params>;
}

/** A route handler behind {@link requireAuth}: the verified token comes second. */
export type RouteHandler<Params extends object, Auth = AccessToken> = AuthorizedHandler<
  [context: RouteContext<Params>],
  Auth,
  NextRequest
>;

/** The request and the params of its path: what the organization is read from. */
export interface RouteSource<Params extends object> {
  readonly request: NextRequest;
  readonly params: Promise<Params>;
}

/** The options of {@link requireAuth}. */
export type RequireAuthOptions<
  Model extends PermissionModel = 'resource',
  Params extends object = Record<string, string | string[] | undefined>,
> = GuardOptionsOf<Model, RouteSource<Params>> & PreflightHandler<[context: RouteContext<Params>], NextRequest>;

type Guarded<Params extends object> = (request: NextRequest, context: RouteContext<Params>) => Promise<Response>;

/**
 * Wraps a route handler so that only requests with a valid access token reach it; the token is its second argument.
 *
 * Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
 * `Retry-After` while the issuer's keys cannot be loaded; the body is JSON with `error`, `error_description` and `code`.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireAuth<Model extends PermissionModel, Params extends object>(
  verifier: AsyncVerifier<Model>,
  handler: RouteHandler<Params, AccessToken | null>,
  options: RequireAuthOptions<Model, Params> & { readonly optional: boolean },
): Guarded<Params>;
export function requireAuth<Model extends PermissionModel, Params extends object>(
  verifier: AsyncVerifier<Model>,
  handler: RouteHandler<Params>,
  ...options: OptionArguments<Model, RequireAuthOptions<Model, Params> & { readonly optional?: false }>
): Guarded<Params>;
export function requireAuth<Params extends object>(
  verifier: AsyncVerifier<PermissionModel>,
  handler: RouteHandler<Params, never>,
  options: GuardOptions<RouteSource<Params>> & PreflightHandler<[context: RouteContext<Params>], NextRequest> = {},
): Guarded<Params> {
  const gate = new Gate<RouteSource<Params>>(verifier, options);
  return behind(gate, (request, { params }) => ({ request, params }), handler, options);
}

/** The options of {@link authProxy}. */
export type AuthProxyOptions<Model extends PermissionModel = 'resource'> = GuardOptionsOf<Model, NextRequest> &
  PreflightOption;

/**
 * A function for `proxy.ts` (`middleware.ts` before Next 16) that refuses requests without a valid access token before
 * anything is rendered for them. It tells nothing to what comes after it: handlers that need the token verify it again by
 * {@link requireAuth}, which costs little for a token just seen.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function authProxy<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  ...[options]: OptionArguments<Model, AuthProxyOptions<Model>>
): (request: NextRequest, event: NextFetchEvent) => Promise<Response | undefined> {
  const gate = new Gate<NextRequest>(verifier as AsyncVerifier<PermissionModel>, options);
  return async (request, event) => {
    const { method } = request;
    const context = contextAmong([event]);
    const { refusal } = await gate.enter({ key: request, method, request, source: request, context });
    return refusal === undefined ? undefined : respond(request, refusal);
  };
}
