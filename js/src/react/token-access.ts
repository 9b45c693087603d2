import { decodeUnverified } from 'scopegate/claims';
import { TOKEN_EXPIRED, TOKEN_MISSING } from '../error-rows.ts';
import { hostError, ScopegateError } from '../errors.ts';
import type { AsyncVerifier } from '../verifier.ts';
import type { TokenSession } from './access.ts';

/** A verifier of the package's main entry or of `scopegate/webcrypto`, with the provider's resource as its audience. */
export type BrowserVerifier = AsyncVerifier<'resource'> | AsyncVerifier<'organization-resource'>;

/** What tokens are asked for. */
export interface Target {
  readonly resource: string;
  readonly organizationId: string | undefined;
}

/** Names a target: equal names are equal targets. */
export function keyOf({ resource, organizationId }: Target): string {
  return JSON.stringify([resource, organizationId ?? null]);
}

/** What came of asking for a token. */
export interface TokenAccess {
  /** Of which target; see {@link keyOf}. */
  readonly key: string;
  /** Or why there is none. */
  readonly granted:
    | { readonly scopes: ReadonlySet<string>; readonly verified: boolean; readonly expiresAt: number }
    | ScopegateError;
  /** `exp` of the token, as far as there is one: seconds since the Unix epoch. */
  readonly expiresAt: number | undefined;
}

/**
 * How long a token still shows what it showed after it has expired by this clock, in seconds: clocks of people's devices
 * are wrong by minutes, and an SDK that goes by the time since its request hands out the same token until then. The API
 * refuses an expired token in any case.
 */
const CLOCK_SKEW = 300;

/**
 * Asks for a token and reads it. Does not reject: whatever goes wrong is a reason to show nothing.
 *
 * @param fresh not to join a request that is under way already.
 */
export async function accessOf(
  session: TokenSession,
  verifier: BrowserVerifier | undefined,
  target: Target,
  fresh: boolean,
): Promise<TokenAccess> {
  const key = keyOf(target);
  let expiresAt: number | undefined;
  try {
    const { resource: audience, organizationId: organization } = target;
    const token = await requested(session, target, fresh);
    const read = decodeUnverified(token, organization === undefined ? { audience } : { audience, organization });
    // Never `null` where a token was expected to be an access token.
    expiresAt = Number(read.unverifiedExpiresAt);
    if (verifier !== undefined) {
      const verify = verifier.verify.bind(verifier) as AsyncVerifier<'organization-resource'>['verify'];
      const verified = await verify(token, (organization === undefined ? {} : { organization }) as never);
      return { key, expiresAt, granted: { scopes: verified.scopes, verified: true, expiresAt } };
    }
    if (Date.now() / 1000 >= expiresAt + CLOCK_SKEW) return { key, expiresAt, granted: expired() };
    return { key, expiresAt, granted: { scopes: read.unverifiedScopes, verified: false, expiresAt } };
  } catch (thrown) {
    return { key, expiresAt, granted: thrown instanceof ScopegateError ? thrown : noToken(thrown) };
  }
}

/** Requests that are under way, by the function that makes them: however many providers there are, one goes out. */
const inFlight = new WeakMap<TokenSession['getAccessToken'], Map<string, Promise<string | undefined>>>();

async function requested(session: TokenSession, target: Target, fresh: boolean): Promise<string> {
  const { getAccessToken } = session;
  const key = keyOf(target);
  const requests = inFlight.get(getAccessToken) ?? new Map<string, Promise<string | undefined>>();
  inFlight.set(getAccessToken, requests);
  const underWay = fresh ? undefined : requests.get(key);
  const request = underWay ?? call(session, target);
  requests.set(key, request);
  try {
    const token = await request;
    if (token === undefined) throw noToken();
    return token;
  } finally {
    if (requests.get(key) === request) requests.delete(key);
  }
}

// Async, so that a function that throws at once is one that rejects.
async function call(session: TokenSession, { resource, organizationId }: Target): Promise<string | undefined> {
  return organizationId === undefined
    ? session.getAccessToken(resource)
    : session.getAccessToken(resource, organizationId);
}

function noToken(cause?: unknown): ScopegateError {
  const hint =
    'getAccessToken gave no token. With @logto/react the reason is in useLogto().error: often a session that has ended, a resource that is not listed under resources in the configuration, or an organization that the user does not belong to.';
  return hostError(TOKEN_MISSING, hint, { cause });
}

function expired(): ScopegateError {
  return hostError(
    TOKEN_EXPIRED,
    'getAccessToken gave a token that has expired, or the clock of this device is wrong.',
  );
}
