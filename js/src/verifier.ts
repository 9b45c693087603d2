import type { ScopegateError } from './errors.ts';
import type { RequestLike } from './http/bearer.ts';
import type { ChallengeOptions } from './http/challenge.ts';
import type { CallContext } from './loader.ts';
import type { OptionsOf } from './options.ts';
import type { Report } from './report.ts';
import type { PermissionModel, RequirementOf, ScopeRequirement } from './requirement.ts';
import type { AccessToken } from './token.ts';

/** What follows the token: the requirement may only be left out where no organization is needed. */
export type RequirementArguments<Model extends PermissionModel> = Model extends 'resource'
  ? [requirement?: RequirementOf<Model>, context?: CallContext | undefined]
  : [requirement: RequirementOf<Model>, context?: CallContext | undefined];

/**
 * Verifies access tokens. Keep one per API and process: it holds the issuer's keys.
 *
 * This much there is with every engine; {@link Verifier} adds what takes no waiting.
 *
 * Every method refuses with a {@link ScopegateError}; its `code` says why.
 */
export interface AsyncVerifier<Model extends PermissionModel = 'resource'> {
  /** Which of Logto's permission models the tokens follow. */
  readonly permissionModel: Model;

  /**
   * Verifies a token, and loads or refreshes the issuer's keys when that is needed.
   *
   * @throws {ScopegateError} any code but `token_missing` and `request_invalid`; `config_invalid` for a bad requirement.
   */
  verify(token: string, ...requirement: RequirementArguments<Model>): Promise<AccessToken>;

  /**
   * Takes the bearer token from the `Authorization` header of a Fetch `Request` or a Node request, and verifies it.
   *
   * @throws {ScopegateError} any code but `config_invalid` for a good requirement.
   */
  authenticate(request: RequestLike, ...requirement: RequirementArguments<Model>): Promise<AccessToken>;

  /**
   * Examines a token step by step, however bad it is.
   *
   * @throws {ScopegateError} only `config_invalid` for a bad requirement, and `internal`.
   */
  explain(token: string, ...requirement: RequirementArguments<Model>): Promise<Report>;

  /**
   * Loads the key set, so that the first request need not wait and `verifySync` can work.
   *
   * @throws {ScopegateError} `keys_unavailable`
   */
  preload(context?: CallContext): Promise<void>;

  /**
   * Checks further scopes on a token that this verifier accepted; `impliedScopes` count.
   *
   * @throws {ScopegateError} `scope_insufficient`, with `missing`.
   */
  requireScopes(token: Pick<AccessToken, 'scopes'>, scopes: ScopeRequirement): void;

  /**
   * The `WWW-Authenticate` value for a refusal (RFC 6750 §3), or `null` where none applies (503, 500).
   */
  challenge(error: ScopegateError, options?: ChallengeOptions): string | null;
}

/** An {@link AsyncVerifier} that checks signatures itself, and so can answer at once. */
export interface Verifier<Model extends PermissionModel = 'resource'> extends AsyncVerifier<Model> {
  /**
   * The same verdict without waiting. A fetch that is needed is started, and serves later calls; on Workers it lives
   * only as long as the request unless the context is given.
   *
   * @throws {ScopegateError} as `verify`; `keys_unavailable` while no key that could decide is in memory.
   */
  verifySync(token: string, ...requirement: RequirementArguments<Model>): AccessToken;
}

/** Makes verifiers; `Made` says which kind for each permission model. See {@link VerifierOptions}. */
interface Create<Made extends { readonly [Model in PermissionModel]: AsyncVerifier<Model> }> {
  /**
   * For an API resource without organizations (`permissionModel: 'resource'`, the default).
   *
   * @throws {ScopegateError} `config_invalid`
   */
  (options: OptionsOf<'resource'>): Made['resource'];
  /**
   * For an API resource whose permissions are given by organization: every call names the organization.
   *
   * @throws {ScopegateError} `config_invalid`
   */
  (options: OptionsOf<'organization-resource'>): Made['organization-resource'];
  /**
   * For an organization's own permissions: every call names the organization.
   *
   * @throws {ScopegateError} `config_invalid`
   */
  (options: OptionsOf<'organization'>): Made['organization'];
}

/** Makes a verifier; see {@link VerifierOptions}. */
export type CreateVerifier = Create<{ readonly [Model in PermissionModel]: Verifier<Model> }>;

/** Makes a verifier for which the host's WebCrypto checks the signatures; see {@link VerifierOptions}. */
export type CreateAsyncVerifier = Create<{ readonly [Model in PermissionModel]: AsyncVerifier<Model> }>;
