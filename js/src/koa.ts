import type { Middleware, ParameterizedContext } from 'koa';
import { together } from './http/further-scopes.ts';
import { Gate, type PreflightOption } from './http/gate.ts';
import type { GuardOptionsOf, OptionArguments } from './http/guard.ts';
import { metadataAnswer, type ResourceMetadata } from './http/metadata.ts';
import type { HttpAnswer } from './http/response.ts';
import { demandScopes } from './http/session.ts';
import type { PermissionModel, ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

/** What {@link requireAuth} leaves in `ctx.state`. */
export interface AuthState {
  /** The verified access token. Absent with `optional` and no credentials. */
  auth?: AccessToken;
}

/** The options of {@link requireAuth}. */
export type RequireAuthOptions<Model extends PermissionModel = 'resource'> = GuardOptionsOf<
  Model,
  ParameterizedContext<AuthState>
> &
  PreflightOption;

/**
 * A middleware that lets only requests with a valid access token pass, and puts the token at `ctx.state.auth`.
 *
 * Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
 * `Retry-After` while the issuer's keys cannot be loaded; the body is JSON with `error`, `error_description` and `code`.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireAuth<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  ...[options]: OptionArguments<Model, RequireAuthOptions<Model>>
): Middleware<AuthState> {
  const gate = new Gate<ParameterizedContext<AuthState>>(verifier as AsyncVerifier<PermissionModel>, options);
  return async (ctx, next) => {
    const entry = await gate.enter({ key: ctx.req, method: ctx.method, request: ctx.req, source: ctx });
    if (entry.refusal !== undefined) return send(ctx, entry.refusal);
    if (entry.token !== null) ctx.state.auth = entry.token;
    await next();
  };
}

/**
 * A middleware that demands further scopes of a request that {@link requireAuth} let pass: all of those given, each of
 * which may be a list, `allOf(…)` or `anyOf(…)`. Others are answered with 403, or 401 if the request is anonymous.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireScopes(...scopes: [ScopeRequirement, ...ScopeRequirement[]]): Middleware<AuthState> {
  const needed = together(scopes);
  return async (ctx, next) => {
    const refused = demandScopes(ctx.req, needed);
    if (refused !== undefined) return send(ctx, refused);
    await next();
  };
}

/** A middleware for the resource's metadata (RFC 9728 §3), at the path of `protectedResourceMetadataUrl`. */
export function metadataHandler(metadata: ResourceMetadata): Middleware {
  return (ctx) => send(ctx, metadataAnswer(ctx.method, metadata));
}

function send(ctx: Pick<ParameterizedContext, 'status' | 'body' | 'set'>, { status, headers, body }: HttpAnswer): void {
  // In this order: setting the body changes the others.
  ctx.body = body === '' ? null : body;
  ctx.status = status;
  ctx.set({ ...headers });
}
