/** Tokens as Logto shapes them (claim order included), and everything that can be wrong with them. */
import { bareJwk, thumbprint } from './keys.ts';
import { holds, signBytes } from './sign.ts';

export const ENDPOINT = 'https://my-tenant.logto.app';
export const ISSUER = `${ENDPOINT}/oidc`;
export const CUSTOM_ISSUER = 'https://auth.yourapp.com/oidc';
export const AUDIENCE = 'https://api.yourapp.com';
export const USER = 'w2k7dq3hz9ab';
export const CLIENT = '9x1l0c3m8q2v7b5n4k6jd';
export const MACHINE = 'm2mapp0000000000000aa';
export const ORG = 'x7f2k9d0q1w3';
export const OTHER_ORG = 'q8n4z6v1t0e5';
/** Seconds. */
export const IAT = 1_760_000_000;
export const EXP = IAT + 3600;
/** Milliseconds: when most cases take place. */
export const NOW = IAT * 1000 + 60_000;

/** JSON text that `JSON.stringify` cannot write, such as `1e400`. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Members = Record<string, unknown>;

export function json(members: Members): string {
  const shown = Object.entries(members).filter(([, value]) => value !== undefined);
  const text = (value: unknown): string => (value instanceof Raw ? value.text : JSON.stringify(value));
  return `{${shown.map(([name, value]) => `${JSON.stringify(name)}:${text(value)}`).join(',')}}`;
}

/** The claims of a user's access token for the API resource; `undefined` removes one. */
export function userClaims(changes: Members = {}): Members {
  return {
    jti: 'Y2k1xTgUqf0oO3m8dLw7a',
    sub: USER,
    iat: IAT,
    exp: EXP,
    scope: 'read:posts write:posts',
    client_id: CLIENT,
    iss: ISSUER,
    aud: AUDIENCE,
    ...changes,
  };
}

/** The claims of an ID token. */
export function idClaims(changes: Members = {}): Members {
  return {
    sub: USER,
    name: 'Ann',
    picture: null,
    username: 'ann',
    roles: ['editor'],
    organizations: [ORG],
    organization_roles: [`${ORG}:admin`],
    aud: CLIENT,
    exp: EXP,
    iat: IAT,
    iss: ISSUER,
    ...changes,
  };
}

export interface TokenSpec {
  /** Name in keys.json. */
  readonly key?: string;
  /** What signs; the header says the same unless `header.alg` differs. */
  readonly alg?: string;
  /** Changes of the header; `undefined` removes a member. */
  readonly header?: Members;
  /** The header's text, instead of all that. */
  readonly headerText?: string | Buffer;
  /** Changes of a user's claims. */
  readonly claims?: Members;
  /** The whole payload, instead: an object, text, or bytes. */
  readonly payload?: Members | string | Buffer;
  /** Changes of the encoded segments, before the signature is made. */
  readonly encodedHeader?: (text: string) => string;
  readonly encodedPayload?: (text: string) => string;
  /** Changes of the signature. */
  readonly signature?: (signature: Buffer, message: Buffer) => Buffer;
  /** Changes of the whole token. */
  readonly whole?: (token: string) => string;
}

const same = (text: string): string => text;
const b64 = (data: string | Buffer): string => Buffer.from(data).toString('base64url');

export function algOf(key: string): string {
  const { kty, crv } = bareJwk(key);
  if (kty === 'RSA') return 'RS256';
  return { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', Ed25519: 'EdDSA' }[String(crv)] ?? 'ES256';
}

export function token(spec: TokenSpec = {}): string {
  const key = spec.key ?? 'ec384';
  const alg = spec.alg ?? algOf(key);
  const header = spec.headerText ?? json({ alg, typ: 'at+jwt', kid: thumbprint(key), ...spec.header });
  const payload = spec.payload ?? userClaims(spec.claims);
  const text = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : json(payload);
  const message = `${(spec.encodedHeader ?? same)(b64(header))}.${(spec.encodedPayload ?? same)(b64(text))}`;
  const bytes = Buffer.from(message);
  const signature = signBytes(key, alg, bytes);
  if (!holds(key, alg, bytes, signature)) throw new Error(`the ${alg} signature by ${key} does not verify`);
  return (spec.whole ?? same)(`${message}.${b64(spec.signature?.(signature, bytes) ?? signature)}`);
}

/** An ID token: `typ` is absent since Logto 1.42, `JWT` before. */
export function idToken(claims: Members = {}, typ?: string): string {
  return token({ header: { typ }, payload: idClaims(claims) });
}

export const flipBit =
  (index: number) =>
  (bytes: Buffer): Buffer => {
    const at = index < 0 ? bytes.length + index : index;
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
