import { type AuthorizedHandler, behind, type PreflightHandler } from './http/fetch.ts';
import { Gate } from './http/gate.ts';
import type { GuardOptions, GuardOptionsOf, OptionArguments } from './http/guard.ts';
import type { PermissionModel } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

export { type AuthorizedHandler, metadataHandler, requireScopes } from './http/fetch.ts';

/** A Fetch handler. `Rest` is what the host gives besides the request: `env, ctx` on Workers, `info` on Deno. */
export type FetchHandler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Promise<Response>;

/** The options of {@link requireAuth}. */
export type RequireAuthOptions<
  Model extends PermissionModel = 'resource',
  Rest extends unknown[] = unknown[],
> = GuardOptionsOf<Model, Request> & PreflightHandler<Rest>;

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
  ...options: OptionArguments<Model, RequireAuthOptions<Model, Rest> & { readonly optional?: false }>
): FetchHandler<Rest>;
export function requireAuth<Model extends PermissionModel, Rest extends unknown[]>(
  verifier: AsyncVerifier<Model>,
  handler: AuthorizedHandler<Rest, never>,
  options: GuardOptions<Request> & PreflightHandler<Rest> = {},
): FetchHandler<Rest> {
  const gate = new Gate<Request>(verifier as AsyncVerifier<PermissionModel>, options);
  return behind(gate, (request: Request, ..._rest: Rest) => request, handler, options);
}
