import type {
  Lifecycle,
  Plugin,
  ReqRef,
  ReqRefDefaults,
  Request,
  ResponseObject,
  ResponseToolkit,
  Server,
  ServerAuthScheme,
} from '@hapi/hapi';
import { configError } from './errors.ts';
import { together } from './http/further-scopes.ts';
import { Gate } from './http/gate.ts';
import type { GuardOptionsOf, OptionArguments } from './http/guard.ts';
import { metadataAnswer, type ResourceMetadata } from './http/metadata.ts';
import type { HttpAnswer } from './http/response.ts';
import { demandScopes } from './http/session.ts';
import { checkPlain } from './plain.ts';
import type { PermissionModel, ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

/** For `ServerRoute<AuthRefs>` and the like: `request.auth.credentials` is the verified access token. */
export interface AuthRefs {
  AuthCredentialsExtra: AccessToken;
}

/** What the organization is read from. */
type Source = Request<{
  Params: Record<string, string | undefined>;
  Query: Record<string, string | string[] | undefined>;
  Headers: Record<string, string | string[] | undefined>;
}>;

/** The options of {@link requireAuth}. Whether anonymous requests may pass is said by the route: `auth.mode`. */
export type RequireAuthOptions<Model extends PermissionModel = 'resource'> = Omit<
  GuardOptionsOf<Model, Source>,
  'optional'
>;

/** The options of a strategy, see {@link requireAuth}. */
export interface StrategyOptions {
  /** Opaque. */
  readonly scopegate: {
    /** For routes that need credentials. */
    readonly required: Gate<Source>;
    /** For routes that do without, and for those that have other strategies, too. */
    readonly optional: Gate<Source>;
  };
}

/**
 * The options of a strategy of the scheme `'scopegate'`: `server.auth.strategy('logto', 'scopegate', requireAuth(verifier))`.
 * It lets only requests with a valid access token pass, and puts the token at `request.auth.credentials`.
 *
 * Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
 * `Retry-After` while the issuer's keys cannot be loaded; the body is JSON with `error`, `error_description` and `code`.
 * With the modes `'optional'` and `'try'`, requests without credentials pass; a bad token never does.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function requireAuth<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  ...[options]: OptionArguments<Model, RequireAuthOptions<Model>>
): StrategyOptions {
  // A copy would lack what is inherited.
  if (options !== undefined) checkPlain(options, 'The options of requireAuth');
  const gate = (optional: boolean) => {
    const all = { ...options, optional };
    return new Gate<Source>(verifier as AsyncVerifier<PermissionModel>, all as GuardOptionsOf<PermissionModel, Source>);
  };
  if (options !== undefined && 'optional' in options) throw configError("Say auth: { mode: 'optional' } at the route.");
  return { scopegate: { required: gate(false), optional: gate(true) } };
}

/** The plugin: registers the authentication scheme `'scopegate'`. */
export const plugin: Plugin<void> = {
  name: 'scopegate',
  register: (server: Server) => server.auth.scheme('scopegate', scheme as ServerAuthScheme),
};

function scheme(_server: Server, options?: StrategyOptions) {
  if (options?.scopegate === undefined) throw configError('Give the strategy requireAuth(verifier) as its options.');
  const { required, optional } = options.scopegate;
  return {
    async authenticate(request: Request, h: ResponseToolkit): Promise<Lifecycle.ReturnValue> {
      const { mode, strategies, access } = routeAuth(request);
      for (const { scope, entity } of access ?? []) {
        if (scope !== undefined && scope !== false)
          throw configError("Use requireScopes(…) in the route's pre, not auth.scope.");
        // hapi takes credentials without a member `user` for those of an application: every access token, that is.
        if (entity !== undefined && entity !== 'any')
          throw configError("Look at request.auth.credentials.isMachine in the route's pre, do not use auth.entity.");
      }
      const gate = mode === 'required' && strategies.length === 1 ? required : optional;
      const { req } = request.raw;
      const arrival = { key: request, method: req.method, request: req, source: request as unknown as Source };
      const entry = await gate.enter(arrival);
      if (entry.refusal !== undefined) return send(h, entry.refusal).takeover();
      if (entry.token === null) {
        const { refusal } = await required.enter(arrival);
        return h.unauthenticated(new CredentialsMissing(refusal?.headers['WWW-Authenticate']));
      }
      return h.authenticated({ credentials: entry.token as object });
    },
  };
}

/** What hapi takes for "no credentials for this strategy", so that others have their turn, or the request passes. */
class CredentialsMissing extends Error {
  readonly isMissing = true;
  readonly output: { readonly headers: { readonly 'WWW-Authenticate': string | undefined } };

  /** @param challenge goes into hapi's own answer if no strategy finds credentials. */
  constructor(challenge: string | undefined) {
    super();
    this.output = { headers: { 'WWW-Authenticate': challenge } };
  }
}

interface RouteAuth {
  readonly mode: string;
  readonly strategies: readonly string[];
  readonly access?: readonly { readonly scope?: unknown; readonly entity?: unknown }[];
}

/** The route's settings as hapi completes them, with the server's default. */
function routeAuth(request: Request): RouteAuth {
  const { auth } = request.server as unknown as { readonly auth: { lookup(route: Request['route']): RouteAuth } };
  return auth.lookup(request.route);
}

/**
 * A lifecycle method for a route's `pre` that demands further scopes of a request that {@link requireAuth} let pass: all
 * of those given, each of which may be a list, `allOf(…)` or `anyOf(…)`. Others are answered with 403, or 401 if the
 * request is anonymous.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireScopes<Refs extends ReqRef = ReqRefDefaults>(
  ...scopes: [ScopeRequirement, ...ScopeRequirement[]]
): Lifecycle.Method<Refs> {
  const needed = together(scopes);
  return (request, h) => {
    const refused = demandScopes(request, needed);
    return refused === undefined ? h.continue : send(h, refused).takeover();
  };
}

/** A handler for the resource's metadata (RFC 9728 §3), at the path of `protectedResourceMetadataUrl`. */
export function metadataHandler<Refs extends ReqRef = ReqRefDefaults>(
  metadata: ResourceMetadata,
): Lifecycle.Method<Refs> {
  return (request, h) => send(h, metadataAnswer(request.raw.req.method, metadata));
}

function send(h: Pick<ResponseToolkit, 'response'>, { status, headers, body }: HttpAnswer): ResponseObject {
  const response: ResponseObject = h.response(body === '' ? undefined : body).code(status);
  // hapi adds a charset to the type of a text otherwise, and JSON has none (RFC 8259 §11).
  response.charset('');
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  return response;
}
