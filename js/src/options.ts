import { configError } from './errors.ts';
import type { EventListener } from './events/observer.ts';
import type { FetchLike } from './jwks.ts';
import type { KeyStore } from './key-store/types.ts';
import { checkPlain } from './plain.ts';
import type { PermissionModel } from './requirement.ts';

/** Whose tokens: exactly one of `endpoint` and `issuer`. */
export type IssuerOptions =
  | {
      /** The Logto endpoint, such as `https://tenant.logto.app`; the issuer is this plus `/oidc`. */
      readonly endpoint: string;
      readonly issuer?: never;
    }
  | {
      readonly endpoint?: never;
      /** The issuer, compared exactly; several if the same tenant is reached by several (custom) domains. */
      readonly issuer: string | readonly string[];
    };

/** When key sets are fetched again. All in seconds. */
export interface KeyRefresh {
  /** How long a key set counts as fresh; afterwards it is used while one refresh runs. Default 600. */
  readonly ttl?: number;
  /** The least time between refreshes because of an unknown key id. Default 30. */
  readonly cooldown?: number;
  /** How long a key set is used while the issuer cannot be reached. Default 86400. */
  readonly staleFor?: number;
  /** The first pause after a failed fetch; doubles with each further failure. Default 1. */
  readonly minBackoff?: number;
  /** The longest pause after failed fetches. Default 60. */
  readonly maxBackoff?: number;
  /** After this time a fetch that nobody reported counts as lost. Default 10. */
  readonly lease?: number;
}

/** How verified tokens are remembered. */
export interface TokenCacheOptions {
  /** The most tokens to remember: 1 to 1,000,000. */
  readonly maxEntries: number;
}

/** What all verifiers have in common. An option that is given must have a value: `undefined` is refused. */
export interface KeyOptions {
  /** Where the key set is. Default `<issuer>/jwks` (of the first issuer). https, or http on loopback. */
  readonly jwksUri?: string;
  /** A fixed key set (RFC 7517 §5); nothing is ever fetched. */
  readonly jwks?: { readonly keys: readonly object[] };
  /** Allowed JWS algorithms. Default ES384, RS256, ES256, ES512, PS256. */
  readonly algorithms?: readonly string[];
  /** Seconds by which clocks may differ. Default 5. */
  readonly clockTolerance?: number;
  /** Seconds after `iat` from which a token is too old, however long it would be valid. */
  readonly maxTokenAge?: number;
  /** The longest token, in bytes. Default 16384. */
  readonly maxTokenLength?: number;
  /** When key sets are fetched again. */
  readonly keyRefresh?: KeyRefresh;
  /** Shares the key set with other processes or isolates; `scopegate/key-store` has some to choose from. */
  readonly keyStore?: KeyStore;
  /** Fetches the key set instead of the global `fetch`; the limits on time, size and status hold all the same. */
  readonly fetch?: FetchLike;
  /** The current time in milliseconds since the Unix epoch. Default `Date.now`. */
  readonly clock?: () => number;
}

/** The options that do not depend on the permission model. */
export type CommonOptions = IssuerOptions &
  KeyOptions & {
    /** The `typ` header (RFC 9068 §4). Default `'at+jwt'`; `null` leaves it unchecked, and ID tokens may pass. */
    readonly typ?: string | null;
    /** The only applications whose tokens are accepted (`client_id`). */
    readonly clientIds?: readonly string[];
    /** Whether tokens with an actor (`act`, token exchange) are accepted. Default `'allow'`. */
    readonly actor?: 'allow' | 'forbid';
    /** Scopes that stand for others, such as `{ 'admin:all': ['read:posts', 'write:posts'] }`. Logto has no wildcards. */
    readonly impliedScopes?: Readonly<Record<string, readonly string[]>>;
    /**
     * How many verified tokens are remembered; `false`: none. Default 1000. A token that comes again is not verified in
     * full as long as the keys stay the same; lifetime, scopes and organization are checked every time.
     */
    readonly tokenCache?: TokenCacheOptions | false;
    /** Hears what the verifier does, at once and in order. What it throws is dropped: no verdict depends on it. */
    readonly onEvent?: EventListener;
  };

/** An API resource without organizations: Logto's global permissions. */
export type ResourceOptions = CommonOptions & {
  readonly permissionModel?: 'resource';
  /** The API identifier(s) in Logto, compared exactly. */
  readonly audience: string | readonly string[];
};

/** An API resource whose permissions are given by organization. */
export type OrganizationResourceOptions = CommonOptions & {
  readonly permissionModel: 'organization-resource';
  /** The API identifier(s) in Logto, compared exactly. */
  readonly audience: string | readonly string[];
};

/** An organization's own permissions: the audience is `urn:logto:organization:<id>`. */
export type OrganizationOptions = CommonOptions & {
  readonly permissionModel: 'organization';
  readonly audience?: never;
};

/** The options of `createVerifier`. */
export type VerifierOptions = ResourceOptions | OrganizationResourceOptions | OrganizationOptions;

/** The options that belong to a permission model. */
export type OptionsOf<Model extends PermissionModel> = Extract<VerifierOptions, { readonly permissionModel?: Model }>;

/** Options as they are used: the core's own, and what only the host can do. */
export interface SplitOptions {
  /** Plain data: a copy that nobody else can change. */
  readonly core: Readonly<Record<string, unknown>>;
  readonly fetch: FetchLike;
  readonly clock: () => number;
  readonly keyStore?: KeyStore;
  readonly onEvent?: EventListener;
}

// Looked up at each call, so that instrumentation installed later is used, and called as a plain function.
const globalFetch: FetchLike = (url, init) => globalThis.fetch(url, init);

/** What the core never hears of. */
const HOST_OPTIONS: readonly string[] = ['fetch', 'clock', 'keyStore', 'onEvent'];

/**
 * Separates the host's options from the core's, and copies the latter.
 *
 * @throws {ScopegateError} `config_invalid`, also for anything JSON would silently drop or change.
 */
export function splitOptions(options: unknown): SplitOptions {
  checkPlain(options, 'The options');
  const core: Record<string, unknown> = {};
  const host: Record<string, unknown> = { fetch: globalFetch, clock: Date.now };
  for (const [name, value] of Object.entries(options)) {
    if (HOST_OPTIONS.includes(name)) {
      checkHostOption(name, value);
      host[name] = value;
    } else if (name === 'tokenUse') {
      // The core's, but not the caller's to choose: what verifies access tokens can never take ID tokens.
      throw configError('There is no option "tokenUse"; see verifyIdToken.');
    } else if (name === 'typ' && value === null) {
      core[name] = null;
    } else {
      core[name] = name === 'jwks' ? copyOfKeys(value) : plainCopy(value, name);
    }
  }
  return { core, ...(host as Omit<SplitOptions, 'core'>) };
}

function checkHostOption(name: string, value: unknown): void {
  const { get, put } = Object(value) as Partial<KeyStore>;
  const functions = name === 'keyStore' ? [get, put] : [value];
  if (functions.every((item) => typeof item === 'function')) return;
  throw configError(`${name} must be ${name === 'keyStore' ? 'an object with get and put' : 'a function'}.`);
}

/** A key set is data of the issuer's: a bad key in it is set aside, and does not make the configuration invalid. */
function copyOfKeys(jwks: unknown): unknown {
  // The core refuses what is no key set, such as null.
  return JSON.parse(JSON.stringify(jwks) ?? 'null');
}

function plainCopy(value: unknown, path: string): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return value;
  if (Array.isArray(value)) return Array.from(value, (item, index) => plainCopy(item, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    checkPlain(value, path);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainCopy(item, `${path}.${name}`)]));
  }
  const what = value === null || typeof value === 'number' ? value : typeof value;
  throw configError(`${path} is ${what}: leave it out, or give it a value.`);
}
