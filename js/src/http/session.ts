import { configError } from '../errors.ts';
import type { ScopeRequirement } from '../requirement.ts';
import type { AccessToken } from '../token.ts';
import type { Guard } from './guard.ts';
import type { HttpAnswer } from './response.ts';

/** What `requireAuth` found out about a request, for the `requireScopes` that come after it. */
export interface Session {
  readonly guard: Pick<Guard<never>, 'lacks'>;
  /** `null`: the request carries no credentials, and need not. */
  readonly token: AccessToken | null;
  /** A CORS preflight that was let through: nobody asks scopes of it. */
  readonly preflight: boolean;
}

const sessions = new WeakMap<object, Session>();

/** Remembers the session as long as the request lives. */
export function openSession(request: object, session: Session): void {
  sessions.set(request, session);
}

/**
 * The session of a request.
 *
 * @throws {ScopegateError} `config_invalid` without a `requireAuth` before.
 */
export function sessionOf(request: object): Session {
  const session = sessions.get(request);
  if (session === undefined) throw configError('requireScopes needs requireAuth before it, on the same request.');
  return session;
}

/**
 * Checks further scopes of a request.
 *
 * @returns the answer to the request if it lacks them.
 * @throws {ScopegateError} `config_invalid` without a `requireAuth` before.
 */
export function demandScopes(request: object, scopes: ScopeRequirement): HttpAnswer | undefined {
  const { guard, token, preflight } = sessionOf(request);
  return preflight ? undefined : guard.lacks(token, scopes);
}
