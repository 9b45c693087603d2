import type { Request } from 'express';
import type { ScopegateError } from './errors.ts';
import type { NodeRequestLike } from './http/bearer.ts';
import { Guard, type GuardOptionsOf, isPreflight, isRefusal } from './http/guard.ts';
import type { ErrorAnswer } from './http/response.ts';
import { openSession, sessionOf } from './http/session.ts';
import { allOf, type PermissionModel, type ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';
import type { AsyncVerifier } from './verifier.ts';

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

/** What is used of an Express response. */
interface ExpressResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body?: string): unknown;
}

type Next = (error?: unknown) => void;

/** A middleware for Express 4 and 5. */
export type Middleware = (request: ExpressRequest, response: ExpressResponse, next: Next) => void;

interface ExpressExtras {
  /**
   * Lets CORS preflights (which carry no credentials) pass to the next handler, without `req.auth`. Default false:
   * put `cors()` before `requireAuth` instead, or a handler that ignores the method runs for anybody.
   */
  readonly preflight?: boolean;
  /**
   * Finishes the answer to a refused request: status and headers are set, the body is to be written, or
   * `next(error)` to be called. Default: a JSON body.
   */
  readonly onError?: (error: ScopegateError, request: Request, response: ExpressResponse, next: Next) => void;
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
  ...[options]: Model extends 'resource' ? [options?: RequireAuthOptions<Model>] : [options: RequireAuthOptions<Model>]
): Middleware {
  const { preflight, onError }: ExpressExtras = options ?? {};
  const guard = new Guard<Request>(verifier as AsyncVerifier<PermissionModel>, options ?? {}, ['preflight', 'onError']);

  const refuse = (error: unknown, request: ExpressRequest, response: ExpressResponse, next: Next): void => {
    if (!isRefusal(error)) throw error;
    const answer = guard.answer(error);
    writeHead(answer, response);
    if (onError !== undefined) onError(error, request as unknown as Request, response, next);
    else response.end(answer.body);
  };

  return (request, response, next) => {
    if (preflight === true && isPreflight(request.method, request)) {
      openSession(request, { guard, token: null, preflight: true });
      return next();
    }
    guard.admit(request, request as unknown as Request).then(
      (token) => {
        openSession(request, { guard, token, preflight: false });
        if (token !== null) request.auth = token;
        next();
      },
      (error: unknown) => {
        try {
          refuse(error, request, response, next);
        } catch (failure) {
          next(failure);
        }
      },
    );
  };
}

function writeHead(answer: ErrorAnswer, response: ExpressResponse): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
}

/**
 * A middleware that demands further scopes of a request that {@link requireAuth} let pass: all of those given, each of
 * which may be a list, `allOf(…)` or `anyOf(…)`. Others are answered with 403, or 401 if the request is anonymous.
 */
export function requireScopes(...scopes: [ScopeRequirement, ...ScopeRequirement[]]): Middleware {
  const needed = scopes.length === 1 ? scopes[0] : allOf(...scopes);
  return (request, response, next) => {
    try {
      const { guard, token, preflight } = sessionOf(request);
      const refused = preflight ? undefined : guard.lacks(token, needed);
      if (refused === undefined) return next();
      writeHead(refused, response);
      response.end(refused.body);
    } catch (error) {
      next(error);
    }
  };
}
