import type { Request, Response } from 'express';
import type { ScopegateError } from './errors.ts';
import type { NodeRequestLike } from './http/bearer.ts';
import { together } from './http/further-scopes.ts';
import { Gate, type PreflightOption } from './http/gate.ts';
import type { GuardOptionsOf, OptionArguments } from './http/guard.ts';
import { type NodeResponseLike, write, writeHead } from './http/node.ts';
import { demandScopes } from './http/session.ts';
import type { PermissionModel, ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

export { metadataHandler } from './http/node.ts';

declare global {
  namespace Express {
    interface Request {
      /** The verified access token, after scopegate's `requireAuth`. Absent with `optional` and no credentials. */
      auth?: AccessToken;
    }
  }
}

/** What is used of an Express request. */
interface ExpressRequest extends NodeRequestLike {
  readonly method: string;
  auth?: AccessToken;
}

type Next = (error?: unknown) => void;

/** A middleware for Express 4 and 5. */
export type Middleware = (request: ExpressRequest, response: NodeResponseLike, next: Next) => void;

interface ExpressExtras extends PreflightOption {
  /**
   * Finishes the answer to a refused request: status and headers are set, the body is to be written, or
   * `next(error)` to be called. What it throws, or its promise rejects with, goes to `next`. Default: a JSON body.
   */
  readonly onError?: (error: ScopegateError, request: Request, response: Response, next: Next) => unknown;
}

/** The options of {@link requireAuth}. */
export type RequireAuthOptions<Model extends PermissionModel = 'resource'> = GuardOptionsOf<Model, Request> &
  ExpressExtras;

/**
 * A middleware that lets only requests with a valid access token pass, and puts the token at `req.auth`.
 *
 * Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
 * `Retry-After` while the issuer's keys cannot be loaded; the body is JSON with `error`, `error_description` and `code`.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireAuth<Model extends PermissionModel>(
  verifier: AsyncVerifier<Model>,
  ...[options]: OptionArguments<Model, RequireAuthOptions<Model>>
): Middleware {
  const { onError }: ExpressExtras = options ?? {};
  const gate = new Gate<Request>(verifier as AsyncVerifier<PermissionModel>, options, ['onError']);

  return (request, response, next) => {
    const source = request as unknown as Request;
    gate.enter({ key: request, method: request.method, request, source }).then((entry) => {
      if (entry.refusal === undefined) {
        if (entry.token !== null) request.auth = entry.token;
        return next();
      }
      try {
        writeHead(entry.refusal, response);
        if (onError === undefined) response.end(entry.refusal.body);
        else Promise.resolve(onError(entry.error, source, response as unknown as Response, next)).catch(next);
      } catch (failure) {
        next(failure);
      }
    }, next);
  };
}

/**
 * A middleware that demands further scopes of a request that {@link requireAuth} let pass: all of those given, each of
 * which may be a list, `allOf(…)` or `anyOf(…)`. Others are answered with 403, or 401 if the request is anonymous.
 *
 * @throws {ScopegateError} `config_invalid`, when it is made.
 */
export function requireScopes(...scopes: [ScopeRequirement, ...ScopeRequirement[]]): Middleware {
  const needed = together(scopes);
  return (request, response, next) => {
    try {
      const refused = demandScopes(request, needed);
      if (refused === undefined) next();
      else write(refused, response);
    } catch (error) {
      next(error);
    }
  };
}
