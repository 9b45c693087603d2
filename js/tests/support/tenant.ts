import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { FetchLike } from 'scopegate';

export const ENDPOINT = 'https://tenant.logto.app';
export const ISSUER = `${ENDPOINT}/oidc`;
export const AUDIENCE = 'https://api.yourapp.com';
export const CLIENT = '9x1l0c3m8q2v7b5n4k6jd';

/** Where simulated clocks start: milliseconds. */
export const START = 1_760_000_000_000;

/** A clock that tests turn by hand. */
export class Clock {
  ms = START;
  readonly now = (): number => this.ms;
  advance(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

export interface SigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

export async function makeKey(alg: string, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  // Logto's RSA keys carry no `alg`.
  return { alg, kid, privateKey, jwk: { ...jwk, kid, use: 'sig', ...(alg.startsWith('RS') ? {} : { alg }) } };
}

/** One key for each test file: making them is slow. */
export const key = await makeKey('ES384', 'key-1');

export const jwks = { keys: [key.jwk] };

export interface TokenOptions {
  readonly key?: SigningKey;
  readonly typ?: string | null;
  /** Replaces or, by `undefined`, removes claims. */
  readonly claims?: Record<string, unknown>;
}

/** A user's access token for the API resource, as Logto shapes it. */
export async function accessToken({
  key: signer = key,
  typ = 'at+jwt',
  claims = {},
}: TokenOptions = {}): Promise<string> {
  const now = START / 1000;
  const payload = {
    jti: 'Y2k1xTgUqf0oO3m8dLw7a',
    sub: 'w2k7dq3hz9ab',
    iat: now,
    exp: now + 3600,
    scope: 'read:posts write:posts',
    client_id: CLIENT,
    iss: ISSUER,
    aud: AUDIENCE,
    ...claims,
  };
  const header = { alg: signer.alg, kid: signer.kid, ...(typ === null ? {} : { typ }) };
  return new SignJWT(payload).setProtectedHeader(header).sign(signer.privateKey);
}

/** An ID token for the application. */
export function idToken(claims: Record<string, unknown> = {}, typ: string | null = null): Promise<string> {
  return accessToken({ typ, claims: { aud: CLIENT, client_id: undefined, scope: undefined, ...claims } });
}

/** Signs a payload byte for byte, to say what `JSON.stringify` cannot. */
export async function signText(payload: string, signer: SigningKey = key): Promise<string> {
  const encode = (text: string): string => Buffer.from(text).toString('base64url');
  const header = encode(JSON.stringify({ alg: signer.alg, kid: signer.kid, typ: 'at+jwt' }));
  const input = `${header}.${encode(payload)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-384' };
  const signature = await crypto.subtle.sign(algorithm, signer.privateKey, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

/** A key set endpoint that tests steer: it counts, fails, hangs and changes as they wish. */
export class KeyServer {
  readonly requests: string[] = [];
  /** What the next requests get. */
  answer: (signal: AbortSignal) => Response | Promise<Response>;

  constructor(keys: { readonly keys: readonly object[] } = jwks) {
    this.answer = () => Response.json(keys);
  }

  readonly fetch: FetchLike = async (url, { signal }) => {
    this.requests.push(url);
    return this.answer(signal);
  };

  serve(...keys: readonly SigningKey[]): void {
    this.answer = () => Response.json({ keys: keys.map(({ jwk }) => jwk) });
  }

  fail(): void {
    this.answer = () => {
      throw new TypeError('fetch failed');
    };
  }
}
