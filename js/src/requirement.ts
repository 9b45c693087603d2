import { configError } from './errors.ts';

/** All of these scopes, see {@link allOf}. */
export interface AllOf {
  readonly allOf: readonly ScopeRequirement[];
}

/** At least one of these scopes, see {@link anyOf}. */
export interface AnyOf {
  readonly anyOf: readonly ScopeRequirement[];
}

/** One scope, a list of which all are needed, or {@link allOf} and {@link anyOf} nested at will. */
export type ScopeRequirement = string | readonly ScopeRequirement[] | AllOf | AnyOf;

/** Logto's three ways of giving permissions; see `permissionModel` in the options. */
export type PermissionModel = 'resource' | 'organization-resource' | 'organization';

/** What a token must allow, for an API without organizations. */
export interface ResourceRequirement {
  /** Scopes the token must hold. Without it any valid token will do. */
  readonly scopes?: ScopeRequirement;
  /** Not with the permission model `'resource'`. */
  readonly organization?: never;
}

/** What a token must allow, for an API that serves organizations. */
export interface OrganizationRequirement {
  /** Scopes the token must hold. Without it any valid token of the organization will do. */
  readonly scopes?: ScopeRequirement;
  /** The id of the organization that the request is about. Take it from the request, never from the token. */
  readonly organization: string;
}

/** The requirement that a permission model takes. */
export type RequirementOf<Model extends PermissionModel> = Model extends 'resource'
  ? ResourceRequirement
  : OrganizationRequirement;

/** Every one of `requirements` has to be met. */
export function allOf(...requirements: [ScopeRequirement, ...ScopeRequirement[]]): AllOf {
  return combine('allOf', requirements) as AllOf;
}

/** At least one of `requirements` has to be met. */
export function anyOf(...requirements: [ScopeRequirement, ...ScopeRequirement[]]): AnyOf {
  return combine('anyOf', requirements) as AnyOf;
}

function combine(kind: 'allOf' | 'anyOf', members: readonly ScopeRequirement[]): object {
  const constant = members.every((member) => typeof member === 'string' || Combination.is(member));
  const made = constant ? new Combination(kind, members) : {};
  return Object.freeze(Object.assign(made, { [kind]: Object.freeze(members) }));
}

/** What {@link allOf} and {@link anyOf} make if nobody can change it any more, at any depth: its text stays true. */
export class Combination {
  readonly #kind: 'allOf' | 'anyOf';
  readonly #members: readonly ScopeRequirement[];
  #text: string | undefined;

  constructor(kind: 'allOf' | 'anyOf', members: readonly ScopeRequirement[]) {
    this.#kind = kind;
    this.#members = members;
  }

  static is(requirement: object): requirement is Combination {
    return #text in requirement;
  }

  /** As JSON; written member by member, which is quicker for frozen ones. */
  get text(): string {
    this.#text ??= `{"${this.#kind}":[${this.#members.map(scopesText).join(',')}]}`;
    return this.#text;
  }
}

/** A requirement whose form has been checked; whether its scopes make sense is for the core to say. */
export interface Demand {
  /** The scopes as JSON text, see {@link scopesText}: the caller's list may change while keys are on their way. */
  readonly required: string;
  readonly organization: string | undefined;
}

/** Any token will do. */
export const NOTHING: Demand = { required: 'null', organization: undefined };

/**
 * Reads a requirement as a caller without types may give it. A member that is there without a value is refused: a
 * forgotten lookup must not turn a check off.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function readRequirement(requirement: unknown): Demand {
  if (requirement === undefined) return NOTHING;
  if (typeof requirement !== 'object' || requirement === null || Array.isArray(requirement)) {
    throw configError("A requirement is an object: { scopes: 'read:posts' }.");
  }
  for (const name of Object.keys(requirement)) {
    if (name !== 'scopes' && name !== 'organization') {
      throw configError(`There is no requirement "${name}".`);
    }
  }
  const { scopes, organization } = requirement as { scopes?: unknown; organization?: string };
  if ('organization' in requirement && (typeof organization !== 'string' || organization === '')) {
    throw configError('organization must be a non-empty string.');
  }
  return { required: 'scopes' in requirement ? scopesTextAgain(scopes) : NOTHING.required, organization };
}

/**
 * A scope requirement as JSON text, for the core to compile.
 *
 * @throws {ScopegateError} `config_invalid` for what can be none; whether its scopes make sense is for the core to say.
 */
export function scopesText(scopes: unknown): string {
  if (typeof scopes === 'object' && scopes !== null && Combination.is(scopes)) return scopes.text;
  let text: string | undefined;
  try {
    text = JSON.stringify(scopes);
  } catch {
    throw configError('scopes are nested in themselves.');
  }
  // `null` would require nothing, and is what more than one object has to say of itself.
  if (text !== undefined && text !== 'null') return text;
  throw configError('scopes must be a string, a list, allOf(…) or anyOf(…).');
}

/** The scope, or the list of scopes, that was asked for last, and its text. */
let lastAsked: unknown = [];
let lastText = '[]';

/** {@link scopesText}, for scopes that are written anew with every call and are the same ones each time. */
export function scopesTextAgain(scopes: unknown): string {
  if (isSame(scopes, lastAsked)) return lastText;
  // A copy: the caller's list may change.
  const asked = Array.isArray(scopes) ? [...scopes] : scopes;
  const text = scopesText(asked);
  if (typeof asked === 'string' || (Array.isArray(asked) && asked.every((member) => typeof member === 'string'))) {
    lastAsked = asked;
    lastText = text;
  }
  return text;
}

function isSame(scopes: unknown, others: unknown): boolean {
  if (!Array.isArray(scopes) || !Array.isArray(others)) return scopes === others;
  if (scopes.length !== others.length) return false;
  for (let i = 0; i < scopes.length; i++) if (scopes[i] !== others[i]) return false;
  return true;
}
