import { REQUEST_INVALID, TOKEN_MISSING } from '../error-rows.ts';
import { configError, hostError, ScopegateError } from '../errors.ts';
import type { CallContext } from '../loader.ts';
import { checkPlain } from '../plain.ts';
import type { OrganizationRequirement, PermissionModel, ScopeRequirement } from '../requirement.ts';
import type { AccessToken } from '../token.ts';
import type { AsyncVerifier } from '../verifier.ts';
import { authorizationOf, headerOf, type RequestLike } from './bearer.ts';
import { type ChallengeOptions, checkChallengeOptions } from './challenge.ts';
import { errorAnswer, type HttpAnswer } from './response.ts';

/** What a request's own data may give as organization: anything but one non-empty string is refused. */
type Found = string | readonly string[] | null | undefined;

/** The organization of a request: the same for all, or read from the request (path, host, header), never from the token. */
export type OrganizationOf<Source> = string | ((source: Source) => Found | Promise<Found>);

/** The options that every adapter's `requireAuth` has. `Source` is what the organization is read from. */
export interface GuardOptions<Source> {
  /** Scopes that every request needs. */
  readonly scopes?: ScopeRequirement;
  /** The organization of the request; needed with the permission models of organizations, and only there. */
  readonly organization?: OrganizationOf<Source>;
  /** Lets requests without credentials pass, without a token. A bad token is refused all the same. Default false. */
  readonly optional?: boolean;
  /** The protection space that the challenge names (RFC 9110 §11.5). */
  readonly realm?: string;
  /** The address of the protected resource metadata that the challenge names (RFC 9728 §5.1). */
  readonly resourceMetadata?: string;
}

/** The guard options that fit a verifier: the organization is needed for two of the models, and refused for the third. */
export type GuardOptionsOf<Model extends PermissionModel, Source> = Model extends 'resource'
  ? Omit<GuardOptions<Source>, 'organization'> & { readonly organization?: never }
  : Omit<GuardOptions<Source>, 'organization'> & { readonly organization: OrganizationOf<Source> };

/** What follows the verifier: the options may only be left out where no organization is needed. */
export type OptionArguments<Model extends PermissionModel, Options> = Model extends 'resource'
  ? [options?: Options]
  : [options: Options];

const OPTIONS: ReadonlySet<string> = new Set(['scopes', 'organization', 'optional', 'realm', 'resourceMetadata']);

/** No organization of Logto's has this id, and whoever had a token of it would still be refused. */
const NOWHERE = ' ';

/** What all adapters do with a request, whatever their framework calls it. */
export class Guard<Source> {
  readonly #verifier: AsyncVerifier<'organization'>;
  readonly #options: GuardOptions<Source>;
  /** What every request needs, but for the organization. */
  readonly #requirement: Readonly<Pick<OrganizationRequirement, 'scopes'>>;
  readonly #challenge: ChallengeOptions;

  /**
   * @param more names of options that only this adapter has.
   * @throws {ScopegateError} `config_invalid`
   */
  constructor(verifier: AsyncVerifier<PermissionModel>, options: GuardOptions<Source>, more: readonly string[]) {
    checkPlain(options, 'The options of requireAuth');
    for (const [name, value] of Object.entries(options)) {
      if (!OPTIONS.has(name) && !more.includes(name)) throw configError(`requireAuth has no option "${name}".`);
      if (value === undefined || value === null) throw configError(`requireAuth's ${name} is ${value}.`);
    }
    if ((verifier.permissionModel === 'resource') !== (options.organization === undefined)) {
      throw configError(
        `The permission model "${verifier.permissionModel}" does not go with these options: organization.`,
      );
    }
    this.#verifier = verifier as AsyncVerifier<'organization'>;
    this.#options = { ...options };
    const { scopes, realm, resourceMetadata } = options;
    this.#requirement = Object.freeze(scopes === undefined ? {} : { scopes });
    this.#challenge = {
      ...(scopes === undefined ? {} : { scopes: namesOf(verifier, scopes) }),
      ...(realm === undefined ? {} : { realm }),
      ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
    };
    checkChallengeOptions(this.#challenge);
  }

  /**
   * The request's verified token; `null` if it has none and need not.
   *
   * @throws {ScopegateError} the refusal, or whatever the organization function throws.
   */
  async admit(request: RequestLike, source: Source, context?: CallContext): Promise<AccessToken | null> {
    const { organization, optional } = this.#options;
    try {
      // Before the organization is looked for: who sends no token hears of that first.
      if (authorizationOf(request) === undefined) throw tokenMissing();
      const requirement =
        organization === undefined ? this.#requirement : await this.#placed(organization, request, source, context);
      return await this.#verifier.authenticate(request, requirement as OrganizationRequirement, context);
    } catch (error) {
      if (optional === true && error instanceof ScopegateError && error.code === 'token_missing') return null;
      throw error;
    }
  }

  /** The requirement with the request's organization. */
  async #placed(
    organization: OrganizationOf<Source>,
    request: RequestLike,
    source: Source,
    context?: CallContext,
  ): Promise<OrganizationRequirement> {
    const found = await organizationOf(organization, source);
    if (found === null) throw await this.#unplaced(request, context);
    return { ...this.#requirement, organization: found };
  }

  /** The refusal of a request that names no organization: whatever is wrong with its token comes first. */
  async #unplaced(request: RequestLike, context?: CallContext): Promise<unknown> {
    try {
      await this.#verifier.authenticate(request, { organization: NOWHERE }, context);
    } catch (error) {
      if (!(error instanceof ScopegateError) || error.status !== 403) return error;
    }
    return hostError(REQUEST_INVALID, 'The request names no organization, or several.');
  }

  /**
   * Checks further scopes; `token` is what {@link Guard.admit} gave.
   *
   * @returns the answer to the request if it lacks them.
   */
  lacks(token: AccessToken | null, scopes: ScopeRequirement): HttpAnswer | undefined {
    try {
      if (token === null) throw tokenMissing();
      this.#verifier.requireScopes(token, scopes);
      return undefined;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return this.answer(error, { ...this.#challenge, scopes: namesOf(this.#verifier, scopes) });
    }
  }

  /** The answer to a refused request. */
  answer(error: ScopegateError, challenge = this.#challenge): HttpAnswer {
    return errorAnswer(error, this.#verifier.challenge(error, challenge));
  }
}

/** Whether an error is an answer to the request; a wrong configuration is for the server's own people to hear of. */
export function isRefusal(error: unknown): error is ScopegateError {
  return error instanceof ScopegateError && error.code !== 'config_invalid';
}

function tokenMissing(): ScopegateError {
  return hostError(TOKEN_MISSING, 'Send the header "Authorization: Bearer <access token>".');
}

/** `null`: the request names none, or several. */
async function organizationOf<Source>(organization: OrganizationOf<Source>, source: Source): Promise<string | null> {
  const found = typeof organization === 'function' ? await organization(source) : organization;
  return typeof found === 'string' && found !== '' ? found : null;
}

/** The scopes that somebody who has none would have to get. */
function namesOf(verifier: Pick<AsyncVerifier<never>, 'requireScopes'>, scopes: ScopeRequirement): readonly string[] {
  try {
    verifier.requireScopes({ scopes: new Set() }, scopes);
    return [];
  } catch (error) {
    if (error instanceof ScopegateError && error.missing !== undefined) return error.missing;
    throw error;
  }
}

/** Whether a browser asks for permission to send the actual request (CORS preflight): it never carries credentials. */
export function isPreflight(method: string | undefined, request: RequestLike): boolean {
  return (
    method === 'OPTIONS' &&
    headerOf(request, 'origin') !== undefined &&
    headerOf(request, 'access-control-request-method') !== undefined &&
    authorizationOf(request) === undefined
  );
}
