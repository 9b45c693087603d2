import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type DynamicModule,
  type ExecutionContext,
  HttpException,
  Inject,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { configError } from './errors.ts';
import type { NodeRequestLike } from './http/bearer.ts';
import { together } from './http/further-scopes.ts';
import { Gate, type PreflightOption } from './http/gate.ts';
import type { GuardOptionsOf, OptionArguments } from './http/guard.ts';
import type { HttpAnswer } from './http/response.ts';
import { demandScopes, sessionOf } from './http/session.ts';
import type { PermissionModel, ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

export { metadataHandler } from './http/node.ts';

/** A request of either platform, as far as organizations may be read from it. */
export interface NestRequest {
  readonly method: string;
  readonly url: string;
  readonly hostname: string;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & NodeRequestLike['headers'];
}

/** What Fastify's request has besides: Node's own. Express' request is Node's own. */
interface PlatformRequest extends NestRequest {
  readonly raw?: NodeRequestLike;
}

/** What Express' and Fastify's responses have in common. */
interface PlatformResponse {
  header(name: string, value: string): unknown;
}

/** The options of {@link requireAuth}. */
export type RequireAuthOptions<Model extends PermissionModel = 'resource'> = GuardOptionsOf<Model, NestRequest> &
  PreflightOption;

const SCOPES = 'scopegate:scopes';

/**
 * The guard of the whole application's {@link ScopegateModule}, for `@UseGuards(AuthGuard)` and `APP_GUARD`; see
 * {@link requireAuth} for what it does.
 */
export class AuthGuard implements CanActivate {
  readonly #gate: Gate<NestRequest>;

  /** Nest's to call; see {@link requireAuth}. */
  constructor(gate: Gate<NestRequest>) {
    this.#gate = gate;
  }

  /**
   * Decides about a request.
   *
   * @throws {HttpException} the refusal.
   */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = requestOf(context);
    const native = request.raw ?? request;
    const { method } = request;
    const entry = await this.#gate.enter({ key: request, method, request: native, source: request });
    if (entry.refusal !== undefined) throw exception(context, entry.refusal);
    demandDeclared(context);
    return true;
  }
}

// Without decorators' syntax, which needs a compiler option.
Injectable()(AuthGuard);
Inject(Gate)(AuthGuard, undefined, 0);

/**
 * A guard that lets only requests with a valid access token pass, with the scopes that {@link RequireScopes} demands of
 * the controller and the handler: `@UseGuards(requireAuth(verifier))`. {@link Auth} gives handlers the token.
 *
 * Others get an `HttpException`: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
 * `Retry-After` while the issuer's keys cannot be loaded; the body is JSON with `error`, `error_description` and `code`.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireAuth<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  ...[options]: OptionArguments<Model, RequireAuthOptions<Model>>
): AuthGuard {
  return new AuthGuard(new Gate<NestRequest>(verifier as AsyncVerifier<PermissionModel>, options));
}

class Scopegate {}

/** Makes {@link AuthGuard} available in all modules of the application. */
export const ScopegateModule = {
  /**
   * Takes what {@link requireAuth} takes.
   *
   * @throws {ScopegateError} `config_invalid`
   */
  forRoot<Model extends PermissionModel>(
    verifier: AsyncVerifier<Model>,
    ...[options]: OptionArguments<Model, RequireAuthOptions<Model>>
  ): DynamicModule {
    const gate = new Gate<NestRequest>(verifier as AsyncVerifier<PermissionModel>, options);
    const providers = [{ provide: Gate, useValue: gate }, AuthGuard];
    return { module: Scopegate, global: true, providers, exports: providers };
  },
};

/**
 * Asks for the scopes where {@link AuthGuard} did not: the session may be that of another adapter, as a middleware of the
 * whole application. Without any session nobody passes. Interceptors run after all guards.
 */
const demanding: NestInterceptor = {
  intercept(context, next) {
    demandDeclared(context);
    return next.handle();
  },
};

/**
 * Demands what {@link RequireScopes} declares for the controller and the handler.
 *
 * @throws {HttpException} the refusal.
 */
function demandDeclared(context: ExecutionContext): void {
  const [first, ...others] = [context.getClass(), context.getHandler()].flatMap(scopesOf);
  if (first === undefined) return;
  const refused = demandScopes(requestOf(context), together([first, ...others]));
  if (refused !== undefined) throw exception(context, refused);
}

/**
 * Demands scopes of the requests of a controller or a handler, behind {@link requireAuth}: all of those given, each of which
 * may be a list, `allOf(…)` or `anyOf(…)`, and those of further decorators. Others are answered with 403, or 401 if the
 * request is anonymous. Without a `requireAuth` before, be it this one or another adapter's, nobody passes.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function RequireScopes(...scopes: [ScopeRequirement, ...ScopeRequirement[]]): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const all = [...scopesOf(descriptor?.value ?? target), together(scopes)];
    applyDecorators(SetMetadata(SCOPES, all), UseInterceptors(demanding))(target, key, descriptor);
  };
}

/** The verified access token, for a handler's parameter behind {@link requireAuth}; `null` for an anonymous request. */
export const Auth: () => ParameterDecorator = createParamDecorator((_data: unknown, context): AccessToken | null => {
  return sessionOf(requestOf(context)).token;
});

function scopesOf(target: object): readonly ScopeRequirement[] {
  // reflect-metadata's, which Nest brings along.
  const { getMetadata } = Reflect as unknown as { getMetadata(key: string, target: object): unknown };
  return (getMetadata(SCOPES, target) as readonly ScopeRequirement[] | undefined) ?? [];
}

function requestOf(context: ExecutionContext): PlatformRequest {
  if (context.getType() !== 'http') throw configError("scopegate's guard and decorators are for HTTP.");
  return context.switchToHttp().getRequest<PlatformRequest>();
}

/** Nest's exception filters write status and body; the headers are set here. */
function exception(context: ExecutionContext, { status, headers, body }: HttpAnswer): HttpException {
  const response = context.switchToHttp().getResponse<PlatformResponse>();
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
  return new HttpException(JSON.parse(body) as object, status);
}
