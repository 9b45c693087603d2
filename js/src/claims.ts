import { accepted } from './answer.ts';
import { INTERNAL } from './error-rows.ts';
import { configError, hostError } from './errors.ts';
import { FrozenSet } from './frozen-set.ts';
import { freezeDeep, parseWithoutHazards } from './json.ts';
import { type ScopeRequirement, scopesText } from './requirement.ts';
import { Runtime } from './runtime.ts';
import type { Claims } from './token.ts';
import { tokenText } from './token-text.ts';

/** The wasm-bindgen glue around the module without signatures. Answers are as in `core.ts`. */
export interface ClaimsGlue {
  token_kind(token: string): string;
  decode_unverified(token: string, audience: string | undefined, organization: string | undefined): string;
  evaluate_scopes(requirement: string, granted: string, implied: string): string;
  __wbg_set_wasm(exports: object): void;
}

/**
 * What a string looks like: Logto's JWTs (`'access'`, `'id'`, `'logout'`), any other JWT (`'jwt'`), Logto's opaque access
 * token, a personal access token (`pat_…`), a subject token (`sub_…`), a JWE, or nothing known.
 */
export type TokenKind =
  | 'access'
  | 'id'
  | 'logout'
  | 'jwt'
  | 'opaque'
  | 'personal'
  | 'subject'
  | 'encrypted'
  | 'unknown';

declare const UNVERIFIED: unique symbol;

/**
 * What a token says of itself. Whoever sends a token can write all of this: it may decide what a page shows, and nothing
 * else. It is of no use where an `AccessToken` is wanted.
 */
export interface UnverifiedToken {
  /** Exists for the compiler only. */
  readonly [UNVERIFIED]: true;
  readonly kind: TokenKind;
  /** The protected header. */
  readonly unverifiedHeader: Readonly<Record<string, unknown>>;
  /** All claims. Members named `__proto__`, `constructor` or `prototype` are left out at every depth. */
  readonly unverifiedClaims: Claims;
  /** The scopes of the `scope` claim. */
  readonly unverifiedScopes: ReadonlySet<string>;
  /** `organization_id`, or `null`. */
  readonly unverifiedOrganizationId: string | null;
  /** `exp`, in seconds since the Unix epoch, or `null`. */
  readonly unverifiedExpiresAt: number | null;
}

/** What an access token should be for. */
export interface ExpectedToken {
  /** The API resource indicator. */
  readonly audience: string;
  /** The organization's id; without it the token must be for none. */
  readonly organization?: string;
}

/**
 * Reads a token without checking its signature.
 *
 * @param token the token.
 * @param expected if given, the token has to be an access token for this resource and organization.
 * @throws {ScopegateError} the code that a verifier refuses such a token with: `token_opaque`, `token_malformed`,
 *   `claim_invalid` and the like; with `expected` also `token_type_mismatch`, `audience_mismatch`, `organization_…`. That
 *   nothing is thrown proves nothing.
 */
export type DecodeUnverified = (token: string, expected?: ExpectedToken) => UnverifiedToken;

/**
 * What kind of token a string looks like. Throws nothing for any string.
 */
export type TokenKindOf = (token: string) => TokenKind;

/** Whether scopes meet a requirement. */
export interface ScopeEvaluation {
  /** Nothing is missing. Says nothing of where the scopes come from. */
  readonly met: boolean;
  /** The scopes that lack; of an `anyOf`, those of the alternative that lacks the fewest. */
  readonly missing: readonly string[];
}

/** Options of {@link EvaluateScopes}. */
export interface EvaluateOptions {
  /** Scopes that a scope brings with it, as in the options of the API's verifier. */
  readonly impliedScopes?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Holds scopes against a requirement, as a verifier does.
 *
 * @param requirement what is needed.
 * @param scopes those at hand: a collection, or the text of a `scope` claim.
 * @throws {ScopegateError} `config_invalid` for a requirement that no verifier takes.
 */
export type EvaluateScopes = (
  requirement: ScopeRequirement,
  scopes: string | Iterable<string>,
  options?: EvaluateOptions,
) => ScopeEvaluation;

/** What needs the module without signatures. */
export interface BoundClaims {
  readonly decodeUnverified: DecodeUnverified;
  readonly tokenKind: TokenKindOf;
  readonly evaluateScopes: EvaluateScopes;
}

/**
 * Binds the functions to the module.
 *
 * @param createGlue makes the wasm-bindgen glue of an instance.
 * @param load compiles the module; called at the first use, so that a page which may not is not stopped by an import.
 * @internal
 */
export function bindClaims(createGlue: () => ClaimsGlue, load: () => WebAssembly.Module): BoundClaims {
  let runtime: Runtime<ClaimsGlue> | undefined;
  const ask = (call: (glue: ClaimsGlue) => string): string => {
    runtime ??= new Runtime(createGlue, compiled(load));
    return runtime.run(call);
  };
  return {
    decodeUnverified(token, expected) {
      const { audience, organization } = readExpected(expected);
      return readUnverified(accepted(ask((glue) => glue.decode_unverified(tokenText(token), audience, organization))));
    },
    tokenKind: (token) => ask((glue) => glue.token_kind(tokenText(token))) as TokenKind,
    evaluateScopes(requirement, scopes, { impliedScopes = {} } = {}) {
      const required = scopesText(requirement);
      const granted = typeof scopes === 'string' ? scopes : [...scopes].join(' ');
      const implied = JSON.stringify(impliedScopes);
      const missing = JSON.parse(accepted(ask((glue) => glue.evaluate_scopes(required, granted, implied)))) as string[];
      return Object.freeze({ met: missing.length === 0, missing: Object.freeze(missing) });
    },
  };
}

function compiled(load: () => WebAssembly.Module): WebAssembly.Module {
  try {
    return load();
  } catch (cause) {
    throw hostError(INTERNAL, "WebAssembly cannot run here. A page's script-src needs 'wasm-unsafe-eval'.", {
      cause,
    });
  }
}

/** An expectation whose value is missing must not turn a check off. */
function readExpected(expected: ExpectedToken | undefined): Partial<ExpectedToken> {
  if (expected === undefined) return {};
  const { audience, organization } = expected;
  if (typeof audience !== 'string' || audience === '') throw configError('audience: the API resource indicator.');
  const given = 'organization' in expected;
  if (given && (typeof organization !== 'string' || organization === '')) {
    throw configError("organization: the organization's id, or leave it out.");
  }
  return expected;
}

/** The core's answer about a token, before its claims. */
interface Summary {
  readonly kind: TokenKind;
  readonly header: string;
  readonly scopes: readonly string[];
  readonly organizationId: string | null;
  readonly expiresAt: number | null;
}

function readUnverified(answer: string): UnverifiedToken {
  const end = answer.indexOf('\n');
  const summary = JSON.parse(answer.slice(0, end)) as Summary;
  const read: Omit<UnverifiedToken, typeof UNVERIFIED> = {
    kind: summary.kind,
    unverifiedHeader: freezeDeep(parseWithoutHazards(summary.header) as Record<string, unknown>),
    unverifiedClaims: freezeDeep(parseWithoutHazards(answer.slice(end + 1)) as Claims),
    unverifiedScopes: new FrozenSet(summary.scopes),
    unverifiedOrganizationId: summary.organizationId,
    unverifiedExpiresAt: summary.expiresAt,
  };
  return Object.freeze(read) as UnverifiedToken;
}
