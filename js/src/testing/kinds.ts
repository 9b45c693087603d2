import { randomText } from './text.ts';

/** What a token says. Everything has a default. */
export interface TokenDetails {
  /** The permissions, `scope`. Default: none. */
  readonly scopes?: readonly string[];
  /** `sub`. Default: a user's id, or the application's for a machine. */
  readonly subject?: string;
  /** `client_id`. */
  readonly clientId?: string;
  /** The organization; the kinds of organizations need it. */
  readonly organization?: string;
  /** `aud`. Default: the tenant's. */
  readonly audience?: string;
  /** The lifetime in seconds. Default 3600. */
  readonly expiresIn?: number;
  /** Claims to add, to replace, or (by `undefined`) to leave out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Header parameters to add, to replace, or (by `undefined`) to leave out. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A token before it is signed. */
export interface Draft {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
  /** Who signs; the tenant's current key unless something else is said. */
  readonly signer?: 'stranger' | 'nobody';
}

/** What all kinds begin with. */
export interface Basis {
  readonly issuer: string;
  /** In seconds since the Unix epoch. */
  readonly now: number;
  readonly algorithm: string;
  readonly kid: string;
  /** The key id of a stranger. */
  readonly strangerKid: string;
  readonly details: TokenDetails & { readonly audience: string };
}

/** Application ids have 21 characters at Logto, user ids 12. */
const CLIENT = 'testapplication000001';
const MACHINE = 'testmachine0000000001';
const USER = 'testuser0001';

/** Makes one kind of token; a text is complete, and not signed. */
export type Make = (basis: Basis) => Draft | string;

/** A user's access token for the API resource, in the order of Logto's claims. */
function accessToken({ issuer, now, algorithm, kid, details }: Basis): Draft {
  const { scopes = [], subject = USER, clientId = CLIENT, audience, expiresIn = 3600 } = details;
  const claims = {
    jti: randomText(21),
    sub: subject,
    iat: now,
    exp: now + expiresIn,
    scope: scopes.join(' '),
    client_id: clientId,
    iss: issuer,
    aud: audience,
  };
  return { header: { alg: algorithm, typ: 'at+jwt', kid }, claims };
}

const withClaims = (basis: Basis, claims: Record<string, unknown>): Draft => {
  const draft = accessToken(basis);
  return { ...draft, claims: { ...draft.claims, ...claims } };
};

const withHeader = (basis: Basis, header: Record<string, unknown>): Draft => {
  const draft = accessToken(basis);
  return { ...draft, header: { ...draft.header, ...header } };
};

function organizationOf({ details: { organization } }: Basis): string {
  if (organization === undefined || organization === '') throw new TypeError('This kind of token needs organization.');
  return organization;
}

function idToken(basis: Basis): Draft {
  const { issuer, now, algorithm, kid, details } = basis;
  const { subject = USER, clientId = CLIENT, expiresIn = 3600 } = details;
  const claims = { sub: subject, name: 'Test User', picture: null, username: 'test', roles: [] };
  return {
    header: { alg: algorithm, kid },
    claims: { ...claims, aud: clientId, exp: now + expiresIn, iat: now, iss: issuer },
  };
}

function machineToken(basis: Basis): Draft {
  const { clientId = MACHINE, subject = clientId, scopes } = basis.details;
  const draft = accessToken({ ...basis, details: { ...basis.details, clientId, subject } });
  // A machine that asked for no scope gets none, not an empty one.
  return scopes === undefined ? { ...draft, claims: { ...draft.claims, scope: undefined } } : draft;
}

/** Every kind of token that a Logto tenant issues, and those that an API must refuse. */
export const KINDS = {
  /** A user's access token for the API resource. */
  resource: accessToken,
  /** A machine-to-machine application's: `sub` is its `client_id`. */
  machine: machineToken,
  /** An organization's own permissions: the organization is the audience. */
  organization: (basis) => withClaims(basis, { aud: `urn:logto:organization:${organizationOf(basis)}` }),
  /** The API resource's permissions in one organization (`organization_id`). */
  'organization-resource': (basis) => {
    const draft = accessToken(basis);
    return { ...draft, claims: { organization_id: organizationOf(basis), ...draft.claims } };
  },
  /** Somebody acts on the user's behalf (`act`, token exchange). */
  actor: (basis) => withClaims(basis, { act: { sub: 'testsupport1' } }),
  /** An ID token. */
  id: idToken,
  /** What a client gets that asks for no API resource. */
  opaque: () => randomText(43),
  /** A personal access token. */
  personal: () => `pat_${randomText(32)}`,
  /** A subject token, which starts a token exchange. */
  subject: () => `sub_${randomText(21)}`,
  /** A back-channel logout token. */
  logout: (basis) => {
    const { algorithm, kid, issuer, now } = basis;
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const { clientId = CLIENT, subject = USER } = basis.details;
    const header = { alg: algorithm, typ: 'logout+jwt', kid };
    return { header, claims: { sub: subject, events, iat: now, jti: randomText(21), aud: clientId, iss: issuer } };
  },
  /** One that was valid until a minute ago. */
  expired: (basis) => accessToken({ ...basis, now: basis.now - 60 - (basis.details.expiresIn ?? 3600) }),
  /** One that is issued an hour from now. */
  future: (basis) => accessToken({ ...basis, now: basis.now + 3600 }),
  /** Another API's. */
  'wrong-audience': (basis) => withClaims(basis, { aud: 'https://another-api.example' }),
  /** Another tenant's, by its own account. */
  'wrong-issuer': (basis) => withClaims(basis, { iss: 'https://another-tenant.example/oidc' }),
  /** Signed by a stranger in the name of the tenant's key. */
  forged: (basis) => ({ ...accessToken(basis), signer: 'stranger' }),
  /** Signed by a stranger in their own name. */
  'unknown-key': (basis) => ({ ...withHeader(basis, { kid: basis.strangerKid }), signer: 'stranger' }),
  /** Not signed at all (`alg: none`). */
  unsigned: (basis) => ({ ...withHeader(basis, { alg: 'none' }), signer: 'nobody' }),
} satisfies Record<string, Make>;

/** The name of a kind of token. */
export type TokenKind = keyof typeof KINDS;

/** The details that a kind has settled already: given all the same, they would be ignored without a word. */
export const UNHEEDED: Readonly<Partial<Record<TokenKind, readonly (keyof TokenDetails)[]>>> = {
  organization: ['audience'],
  'wrong-audience': ['audience'],
  id: ['audience', 'scopes'],
  logout: ['audience', 'scopes', 'expiresIn'],
};
