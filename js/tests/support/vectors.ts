import type { IdTokenOptions, ScopegateError, VerifierOptions, VerifyIdToken } from 'scopegate';
import type { Build } from './builds.ts';

/** The package's functions, of whichever build and host. */
export interface Api extends Pick<Build, 'sync' | 'verifySignature'> {
  createVerifier(options: VerifierOptions): Vectored;
  verifyIdToken: VerifyIdToken;
  ScopegateError: typeof ScopegateError;
}

/** A verifier of any permission model, as a program without types uses it. */
interface Vectored {
  verify(token: string, requirement: object): Promise<object>;
  verifySync(token: string, requirement: object): object;
  authenticate(request: { headers: { authorization?: string } }): Promise<object>;
  explain(token: string, requirement: object): Promise<{ code: string | null }>;
}

type Refused = { code: string; claim?: string; missing?: string[]; retryAfter?: number };
type Expected = Refused | { accepted: Record<string, unknown> };
type Keys = string | { keys: object[] };

/** A case of tests/vectors/vectors.json. */
export interface Case {
  readonly id: string;
  readonly kind: 'access' | 'id' | 'jws' | 'bearer';
  readonly expect: Expected;
  readonly options?: Record<string, unknown> & { jwks?: Keys };
  readonly served?: string | null;
  readonly requirement?: Record<string, unknown>;
  readonly now?: number;
  readonly token?: string | { repeat: string; times: number };
  readonly jwks?: Keys;
  readonly algorithms?: string[] | null;
  readonly authorization?: string | null;
}

/** tests/vectors/vectors.json, see the README beside it. */
export interface VectorFile {
  readonly codes: Record<string, { status: number | null; oauthError: string | null }>;
  readonly keySets: Record<string, { keys: object[] }>;
  readonly cases: readonly Case[];
}

/** Runs a case; throws what is wrong with the outcome. */
export async function runCase(api: Api, file: VectorFile, vector: Case): Promise<void> {
  const outcomes = await RUNNERS[vector.kind](api, file, vector);
  for (const [how, outcome] of Object.entries(outcomes)) {
    const difference = compare(api, file, vector.expect, outcome);
    if (difference !== undefined) throw new Error(`${vector.id} (${how}): ${difference}`);
  }
}

type Outcome = { accepted: object } | { refused: unknown };
type Runner = (api: Api, file: VectorFile, vector: Case) => Promise<Record<string, Outcome>>;

const RUNNERS: Record<Case['kind'], Runner> = {
  async access(api, file, vector) {
    const requirement = vector.requirement ?? {};
    const token = tokenOf(vector);
    const options = optionsOf(file, vector);
    const make = (more = {}): Vectored => api.createVerifier({ ...options, ...more } as unknown as VerifierOptions);
    const plain = lazy(() => make({ tokenCache: false }));
    const caching = lazy(make);
    const outcomes: Record<string, Outcome> = {
      verify: await attempt(() => plain().verify(token, requirement)),
      explain: await attempt(async () => reported(api, vector.expect, await plain().explain(token, requirement))),
    };
    if (api.sync) outcomes.verifySync = await attempt(() => plain().verifySync(token, requirement));
    if ('code' in vector.expect) return outcomes;
    outcomes['verify, first'] = await attempt(() => caching().verify(token, requirement));
    outcomes['verify, again'] = await attempt(() => caching().verify(token, requirement));
    return outcomes;
  },

  async id({ verifyIdToken }, file, vector) {
    const options = { ...optionsOf(file, vector), ...vector.requirement } as unknown as IdTokenOptions;
    return { verifyIdToken: await attempt(() => verifyIdToken(tokenOf(vector), options)) };
  },

  async jws({ verifySignature }, file, vector) {
    const options = vector.algorithms == null ? {} : { algorithms: vector.algorithms };
    return {
      verifySignature: await attempt(async () => {
        const { header, payload } = await verifySignature(tokenOf(vector), keysOf(file, vector.jwks ?? ''), options);
        return { header, payload: base64url(payload) };
      }),
    };
  },

  async bearer(api, file, { authorization, expect }) {
    const jwks = Object.values(file.keySets)[0] ?? { keys: [] };
    const verifier = api.createVerifier({ endpoint: 'https://t.logto.app', audience: 'x', jwks });
    const headers = authorization == null ? {} : { authorization };
    const outcome = await attempt(() => verifier.authenticate({ headers }));
    if ('code' in expect) return { authenticate: outcome };
    // The token cannot be seen, but what becomes of it can: it has to be that of the expected one.
    const alone = await attempt(() => verifier.verify(String(expect.accepted.token), {}));
    const same = codeOf(outcome) === codeOf(alone) && codeOf(outcome) !== 'request_invalid';
    return { authenticate: same ? { accepted: expect.accepted } : outcome };
  },
};

/** Made when it is first used: making it may be what fails. */
function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function attempt(action: () => Promise<object> | object): Promise<Outcome> {
  try {
    return { accepted: await action() };
  } catch (refused) {
    return { refused };
  }
}

/** A report has no token to show; its verdict has to be that of `verify`. */
function reported(api: Api, expect: Expected, { code }: { code: string | null }): object {
  if (code === null && 'accepted' in expect) return expect.accepted;
  if (code === null) return {};
  throw Object.assign(Object.create(api.ScopegateError.prototype), { ...expect, code });
}

function codeOf(outcome: Outcome): unknown {
  return 'refused' in outcome ? (outcome.refused as { code?: string }).code : 'accepted';
}

function tokenOf({ token = '' }: Case): string {
  return typeof token === 'string' ? token : token.repeat.repeat(token.times);
}

function keysOf(file: VectorFile, keys: Keys): { keys: object[] } {
  return typeof keys === 'string' ? (file.keySets[keys] ?? { keys: [] }) : keys;
}

function optionsOf(file: VectorFile, { options = {}, served, now = 0 }: Case): object {
  const { jwks, ...others } = options;
  const fetch = async (): Promise<Response> => {
    if (served == null) throw new TypeError('fetch failed');
    return new Response(served);
  };
  const clock = (): number => now;
  return jwks === undefined ? { ...others, fetch, clock } : { ...others, jwks: keysOf(file, jwks), clock };
}

function base64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function compare({ ScopegateError }: Api, file: VectorFile, expect: Expected, outcome: Outcome): string | undefined {
  if ('accepted' in expect) {
    if ('refused' in outcome) return `refused: ${codeOf(outcome)} ${outcome.refused}`;
    return differences(expect.accepted, outcome.accepted as Record<string, unknown>);
  }
  if ('accepted' in outcome) return `accepted instead of ${expect.code}`;
  const error = outcome.refused;
  if (!(error instanceof ScopegateError)) return `not a ScopegateError: ${error}`;
  const { code, claim, missing, retryAfter } = error;
  const row = file.codes[code];
  const { status = row?.status, oauthError = row?.oauthError } = error;
  return differences({ ...row, ...expect }, { status, oauthError, code, claim, missing, retryAfter });
}

function differences(wanted: Record<string, unknown>, found: Record<string, unknown>): string | undefined {
  for (const [name, value] of Object.entries(wanted)) {
    const seen = found[name];
    if (name === 'claims') {
      const difference = differences(value as Record<string, unknown>, seen as Record<string, unknown>);
      if (difference !== undefined) return `claims: ${difference}`;
    } else if (canonical(value, name) !== canonical(seen, name)) {
      return `${name} is ${canonical(seen, name)} instead of ${canonical(value, name)}`;
    }
  }
  return undefined;
}

/** JSON with sorted members; scopes are a set. */
function canonical(value: unknown, name: string): string | undefined {
  const items = value instanceof Set || (name === 'scopes' && Array.isArray(value)) ? [...value].sort() : value;
  return JSON.stringify(items, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
