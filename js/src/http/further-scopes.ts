import { configError } from '../errors.ts';
import { allOf, type ScopeRequirement } from '../requirement.ts';

/** The core's own limit. */
const MAX_DEPTH = 16;

/**
 * What the arguments of `requireScopes` demand together. They are checked here as the core checks them, which is asked
 * only once a request comes.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function together(scopes: readonly [ScopeRequirement, ...ScopeRequirement[]]): ScopeRequirement {
  const single = scopes.length === 1;
  check(single ? scopes[0] : scopes, 0);
  return single ? scopes[0] : allOf(...scopes);
}

function check(scopes: unknown, depth: number): void {
  if (typeof scopes === 'string') {
    if (scopes === '') throw configError('requireScopes: a scope is empty.');
    if (!/\p{White_Space}/u.test(scopes)) return;
    throw configError('requireScopes: a scope contains whitespace; give several scopes as a list.');
  }
  const parts = partsOf(scopes);
  if (parts.length === 0) throw configError('requireScopes: an empty list requires nothing.');
  if (depth >= MAX_DEPTH) throw configError('requireScopes: allOf / anyOf are nested too deep.');
  for (const part of parts) check(part, depth + 1);
}

function partsOf(scopes: unknown): readonly unknown[] {
  if (Array.isArray(scopes)) return scopes;
  if (typeof scopes === 'object' && scopes !== null) {
    const [[kind, parts] = [], ...others] = Object.entries(scopes) as [string, unknown][];
    if ((kind === 'allOf' || kind === 'anyOf') && Array.isArray(parts) && others.length === 0) return parts;
  }
  throw configError('requireScopes takes strings, lists, allOf(…) and anyOf(…).');
}
