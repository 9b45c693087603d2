import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import { together } from './http/further-scopes.ts';
import { Gate, type PreflightOption } from './http/gate.ts';
import type { GuardOptionsOf, OptionArguments } from './http/guard.ts';
import { metadataAnswer, type ResourceMetadata } from './http/metadata.ts';
import type { HttpAnswer } from './http/response.ts';
import { demandScopes } from './http/session.ts';
import { checkPlain } from './plain.ts';
import type { PermissionModel, ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified access token, after scopegate's `requireAuth`; `null` before, and for anonymous requests. */
    auth: AccessToken | null;
  }
}

/** What the organization is read from. */
type Source = FastifyRequest<{
  Params: Record<string, string | undefined>;
  Querystring: Record<string, string | string[] | undefined>;
}>;

/** A hook for `onRequest`, `preHandler` and the like. */
export type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** The options of {@link requireAuth}. */
export type RequireAuthOptions<Model extends PermissionModel = 'resource'> = GuardOptionsOf<Model, Source> &
  PreflightOption;

/** The options of the plugin {@link scopegate}: a verifier, and what {@link requireAuth} takes. */
export type ScopegateOptions = {
  readonly [Model in PermissionModel]: { readonly verifier: AsyncVerifier<Model> } & RequireAuthOptions<Model>;
}[PermissionModel];

/**
 * A hook that lets only requests with a valid access token pass, and puts the token at `request.auth`.
 *
 * Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
 * `Retry-After` while the issuer's keys cannot be loaded; the body is JSON with `error`, `error_description` and `code`.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireAuth<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  ...[options]: OptionArguments<Model, RequireAuthOptions<Model>>
): Hook {
  const gate = new Gate<Source>(verifier as AsyncVerifier<PermissionModel>, options);
  return async (request, reply) => {
    const { method, raw } = request;
    const entry = await gate.enter({ key: request, method, request: raw, source: request as Source });
    if (entry.refusal !== undefined) return send(reply, entry.refusal);
    request.auth = entry.token;
  };
}

/**
 * A hook that demands further scopes of a request that {@link requireAuth} let pass: all of those given, each of which
 * may be a list, `allOf(…)` or `anyOf(…)`. Others are answered with 403, or 401 if the request is anonymous.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireScopes(...scopes: [ScopeRequirement, ...ScopeRequirement[]]): Hook {
  const needed = together(scopes);
  return async (request, reply) => {
    const refused = demandScopes(request, needed);
    if (refused !== undefined) return send(reply, refused);
  };
}

/**
 * The plugin: `app.register(scopegate, { verifier })` guards all routes that are declared after it in the same context
 * (the plugin has none of its own), and in those below it. It runs {@link requireAuth} as an `onRequest` hook.
 */
export const scopegate: FastifyPluginCallback<ScopegateOptions> = (instance, options, done) => {
  let failure: Error | undefined;
  try {
    guard(instance, options);
  } catch (error) {
    // Thrown, it would end the process; this way `ready` and `listen` reject.
    failure = error as Error;
  }
  done(failure);
};

function guard(instance: FastifyInstance, given: ScopegateOptions): void {
  checkPlain(given, 'The options of the plugin');
  const { verifier, ...options } = given;
  if (!instance.hasRequestDecorator('auth')) instance.decorateRequest('auth', null);
  instance.addHook('onRequest', requireAuth(verifier as AsyncVerifier<'resource'>, options as RequireAuthOptions));
}

Object.assign(scopegate, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'scopegate',
  [Symbol.for('plugin-meta')]: { name: 'scopegate', fastify: '5.x' },
});

export default scopegate;

/** A route handler for the resource's metadata (RFC 9728 §3), at the path of `protectedResourceMetadataUrl`. */
export function metadataHandler(
  metadata: ResourceMetadata,
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (request, reply) => send(reply, metadataAnswer(request.method, metadata));
}

const encoder = new TextEncoder();

function send(reply: FastifyReply, { status, headers, body }: HttpAnswer): FastifyReply {
  // As bytes: Fastify would add a charset to the type of a text, and JSON has none (RFC 8259 §11).
  return reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : encoder.encode(body));
}
