import type { FetchLike } from '../jwks.ts';
import { makeKey, type SigningKey, signToken, type TestAlgorithm, type TestKeySet } from './keys.ts';
import { KINDS, type Make, type TokenDetails, type TokenKind, UNHEEDED } from './kinds.ts';
import { type LocalServer, serveLocally } from './server.ts';
import { encodeText } from './text.ts';

/** The options of {@link createTestTenant}; all have defaults. */
export interface TestTenantOptions {
  /** The Logto endpoint. Default `'https://test-tenant.logto.app'`; with `serve` it is the server's address. */
  readonly endpoint?: string;
  /** The API identifier. Default `'https://api.yourapp.com'`. */
  readonly audience?: string;
  /** What the tenant signs with. Default `'ES384'`, as at Logto. */
  readonly algorithm?: TestAlgorithm;
  /** The current time in milliseconds since the Unix epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Serves the key set and the discovery document on 127.0.0.1, by `node:http`. Default false: nothing listens. */
  readonly serve?: boolean;
}

/** Options for `createVerifier`: the tenant's tokens are accepted, and nothing leaves the process. */
export interface TestVerifierOptions {
  readonly endpoint: string;
  readonly fetch?: FetchLike;
  readonly clock?: () => number;
}

/** What {@link TestTenant.rotate} does. */
export interface RotationOptions {
  /** The new key's algorithm. Default: the current one's. */
  readonly algorithm?: TestAlgorithm;
  /** Publishes the old key on, so that its tokens still verify. Default true, as at Logto. */
  readonly keepPrevious?: boolean;
}

/** A tenant that issues tokens as Logto does, for unit tests. Get one from {@link createTestTenant}. */
export class TestTenant {
  /** The Logto endpoint, without a trailing slash. */
  readonly endpoint: string;
  /** The tokens' issuer: the endpoint and `/oidc`. */
  readonly issuer: string;
  /** The API identifier. */
  readonly audience: string;
  /** While true, the key set cannot be had. */
  down = false;
  /** How often the key set was asked for. */
  fetches = 0;
  readonly #clock: () => number;
  readonly #ownClock: boolean;
  readonly #server: LocalServer | undefined;
  #current: SigningKey;
  #previous: SigningKey | undefined;
  #stranger: SigningKey | undefined;

  /** @internal */
  constructor(options: TestTenantOptions, key: SigningKey, server?: LocalServer) {
    const { endpoint = 'https://test-tenant.logto.app', audience = 'https://api.yourapp.com', clock } = options;
    this.endpoint = server?.url ?? endpoint.replace(/\/+$/, '');
    this.issuer = `${this.endpoint}/oidc`;
    this.audience = audience;
    this.#clock = clock ?? Date.now;
    this.#ownClock = clock !== undefined;
    this.#server = server;
    this.#current = key;
  }

  /** The published key set: the current key first. */
  get jwks(): TestKeySet {
    return { keys: [this.#current, this.#previous].flatMap((key) => (key === undefined ? [] : [{ ...key.jwk }])) };
  }

  /** The address of the key set; only with `serve` does anything listen there. */
  get jwksUri(): string {
    return `${this.issuer}/jwks`;
  }

  /** What `createVerifier` needs besides the audience. */
  get options(): TestVerifierOptions {
    return {
      endpoint: this.endpoint,
      ...(this.#server === undefined ? { fetch: this.fetch } : {}),
      ...(this.#ownClock ? { clock: this.#clock } : {}),
    };
  }

  /** Answers as the tenant's server would, without a server. */
  readonly fetch: FetchLike = async (url) => {
    const path = url.startsWith(this.endpoint) ? url.slice(this.endpoint.length) : '';
    const { status, body } = this.answer(path) ?? { status: 404, body: { code: 'not_found' } };
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  };

  /** @internal */
  answer(path: string): { status: number; body: unknown } | undefined {
    const documents: Record<string, () => unknown> = {
      '/oidc/jwks': () => {
        this.fetches++;
        return this.jwks;
      },
      '/oidc/.well-known/openid-configuration': () => ({
        issuer: this.issuer,
        jwks_uri: this.jwksUri,
        id_token_signing_alg_values_supported: [this.#current.algorithm],
      }),
    };
    const body = documents[path]?.();
    if (body === undefined) return undefined;
    return this.down ? { status: 503, body: { code: 'unavailable' } } : { status: 200, body };
  }

  /**
   * Mints a token of one kind.
   *
   * @throws {TypeError} for an unknown kind, one of an organization without `organization`, or details that go against
   *   the kind, such as the audience of a token that has another one.
   */
  async token(kind: TokenKind = 'resource', details: TokenDetails = {}): Promise<string> {
    if (!Object.hasOwn(KINDS, kind)) throw new TypeError(`There is no token of the kind "${kind}".`);
    this.#stranger ??= await makeKey('ES384');
    const unheeded = (UNHEEDED[kind] ?? []).find((name) => details[name] !== undefined);
    if (unheeded !== undefined) throw new TypeError(`A token of the kind "${kind}" is given no ${unheeded}.`);
    const { algorithm, kid } = this.#current;
    const make: Make = KINDS[kind];
    const draft = make({
      issuer: this.issuer,
      now: Math.floor(this.#clock() / 1000),
      algorithm,
      kid,
      strangerKid: this.#stranger.kid,
      details: { ...details, audience: details.audience ?? this.audience },
    });
    if (typeof draft === 'string') return draft;
    const header = { ...draft.header, ...details.header };
    const claims = { ...draft.claims, ...details.claims };
    if (draft.signer === 'nobody')
      return `${encodeText(JSON.stringify(header))}.${encodeText(JSON.stringify(claims))}.`;
    const key = draft.signer === 'stranger' ? this.#stranger : this.#current;
    return signToken(header, claims, key);
  }

  /** Replaces the signing key, as an administrator of Logto does. */
  async rotate({ algorithm = this.#current.algorithm, keepPrevious = true }: RotationOptions = {}): Promise<void> {
    const next = await makeKey(algorithm);
    this.#previous = keepPrevious ? this.#current : undefined;
    this.#current = next;
  }

  /** Ends the server, if there is one. */
  async close(): Promise<void> {
    await this.#server?.close();
  }
}

/** Makes a tenant with a key of its own. */
export async function createTestTenant(options: TestTenantOptions = {}): Promise<TestTenant> {
  const key = await makeKey(options.algorithm ?? 'ES384');
  if (options.serve !== true) return new TestTenant(options, key);
  let tenant: TestTenant | undefined;
  const server = await serveLocally((path) => tenant?.answer(path));
  tenant = new TestTenant(options, key, server);
  return tenant;
}
