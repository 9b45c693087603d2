/** What a case looks like; README.md says what its members mean. */
import { AUDIENCE, ENDPOINT, type Members, NOW } from './token.ts';

export type LongText = string | { readonly repeat: string; readonly times: number };
export type Expect =
  | { readonly accepted: Members }
  | { readonly code: string; readonly claim?: string; readonly missing?: string[]; readonly retryAfter?: number };

export type Case = {
  readonly id: string;
  readonly kind: 'access' | 'id' | 'jws' | 'bearer';
  readonly why: string;
} & Members;

export const accepted = (members: Members = {}): Expect => ({ accepted: members });
export const refused = (code: string, claim?: string): Expect => ({ code, ...(claim !== undefined && { claim }) });

/** Options of a verifier for the API resource. */
export const RESOURCE = { endpoint: ENDPOINT, audience: AUDIENCE, jwks: 'tenant' };
export const ORGANIZATION_RESOURCE = { ...RESOURCE, permissionModel: 'organization-resource' };
export const ORGANIZATION = { endpoint: ENDPOINT, permissionModel: 'organization', jwks: 'tenant' };

export interface Setting {
  /** The whole options. */
  readonly options?: Members;
  /** Added to them. */
  readonly with?: Members;
  /** The document that a fetch of the JWKS gives, or `null` for an unreachable issuer; instead of fixed keys. */
  readonly served?: string | null;
  readonly requirement?: Members;
  /** Milliseconds. */
  readonly now?: number;
}

const written = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

function verification(kind: 'access' | 'id', options: Members) {
  return (id: string, why: string, token: LongText, expect: Expect, setting: Setting = {}): Case => {
    const all = { ...(setting.options ?? options), ...setting.with };
    const served = setting.served === undefined ? {} : { served: setting.served };
    if ('served' in served) Object.assign(all, { jwks: undefined });
    const { requirement = {}, now = NOW } = setting;
    return { id, kind, why, options: written(all), ...served, requirement, now, token, expect };
  };
}

/** An access token and a verifier; for the API resource unless `setting.options` says otherwise. */
export const access = verification('access', RESOURCE);

/** An ID token and `verifyIdToken`. */
export const id = verification('id', { endpoint: ENDPOINT, clientId: '9x1l0c3m8q2v7b5n4k6jd', jwks: 'tenant' });

export function jws(
  id: string,
  why: string,
  token: LongText,
  jwks: unknown,
  algorithms: string[] | null,
  expect: Expect,
): Case {
  return { id, kind: 'jws', why, jwks, algorithms, token, expect };
}

export function bearer(id: string, why: string, authorization: string | null, expect: Expect): Case {
  return { id, kind: 'bearer', why, authorization, expect };
}

export const ALL_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
];
