import type { Context, Handler, MiddlewareHandler } from 'hono';
import { together } from './http/further-scopes.ts';
import { Gate, type PreflightOption } from './http/gate.ts';
import type { GuardOptions, GuardOptionsOf, OptionArguments } from './http/guard.ts';
import { metadataAnswer, type ResourceMetadata } from './http/metadata.ts';
import type { HttpAnswer } from './http/response.ts';
import { demandScopes } from './http/session.ts';
import type { CallContext } from './loader.ts';
import type { PermissionModel, ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

/** The environment behind {@link requireAuth}: `c.get('auth')` is the token. `Auth` is wider where it is optional. */
export interface AuthEnv<Auth extends AccessToken | null = AccessToken> {
  Variables: { auth: Auth };
}

/** The options of {@link requireAuth}. */
export type RequireAuthOptions<Model extends PermissionModel = 'resource'> = GuardOptionsOf<Model, Context> &
  PreflightOption;

/**
 * A middleware that lets only requests with a valid access token pass; handlers find the token by `c.get('auth')`.
 *
 * Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
 * `Retry-After` while the issuer's keys cannot be loaded; the body is JSON with `error`, `error_description` and `code`.
 * On Workers, `c.executionCtx` keeps background refreshes of the keys alive.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireAuth<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  options: RequireAuthOptions<Model> & ({ readonly optional: boolean } | { readonly preflight: boolean }),
): MiddlewareHandler<AuthEnv<AccessToken | null>>;
export function requireAuth<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  ...options: OptionArguments<
    Model,
    RequireAuthOptions<Model> & { readonly optional?: false; readonly preflight?: false }
  >
): MiddlewareHandler<AuthEnv>;
export function requireAuth<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  options?: GuardOptions<Context> & PreflightOption,
): MiddlewareHandler {
  const gate = new Gate<Context>(verifier as AsyncVerifier<PermissionModel>, options);
  return async (c, next) => {
    const { method, raw } = c.req;
    const entry = await gate.enter({ key: c, method, request: raw, source: c, context: contextOf(c) });
    if (entry.refusal !== undefined) return respond(c, entry.refusal);
    c.set('auth', entry.token);
    return next();
  };
}

/**
 * A middleware that demands further scopes of a request that {@link requireAuth} let pass: all of those given, each of
 * which may be a list, `allOf(…)` or `anyOf(…)`. Others are answered with 403, or 401 if the request is anonymous.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireScopes(...scopes: [ScopeRequirement, ...ScopeRequirement[]]): MiddlewareHandler {
  const needed = together(scopes);
  return async (c, next) => {
    const refused = demandScopes(c, needed);
    return refused === undefined ? next() : respond(c, refused);
  };
}

/** A handler for the resource's metadata (RFC 9728 §3), at the path of `protectedResourceMetadataUrl`. */
export function metadataHandler(metadata: ResourceMetadata): Handler {
  return (c) => respond(c, metadataAnswer(c.req.method, metadata));
}

/** Through Hono's context, so that headers stay that were set before, such as those of CORS. */
function respond(c: Context, { status, headers, body }: HttpAnswer): Response {
  return c.newResponse(c.req.method === 'HEAD' || body === '' ? null : body, status as 401, { ...headers });
}

/** The host's context; Hono's getter throws where there is none. */
function contextOf(c: Context): CallContext | undefined {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}
