import { decodeBase64url } from './base64url.ts';
import { FrozenSet } from './frozen-set.ts';
import { freezeDeep, parseWithoutHazards } from './json.ts';

/** Who acts on the subject's behalf: the `act` claim (RFC 8693 §4.1). */
export interface Actor {
  readonly sub?: string;
  readonly [member: string]: unknown;
}

/** The claims of a token as its issuer wrote them: unchecked but for the registered ones, frozen. */
export type Claims = Readonly<Record<string, unknown>>;

/** A verified access token: signature, issuer, audience, lifetime, permission model and required scopes all hold. */
export interface AccessToken {
  /** `sub`: the user's id, or the application's for a machine-to-machine token. */
  readonly subject: string;
  /** `client_id`: the application the token was issued to. */
  readonly clientId: string;
  /** Whether the application acts for itself (client credentials): `sub` equals `client_id`. */
  readonly isMachine: boolean;
  /** The granted scopes, as the token lists them; `impliedScopes` are not added. Frozen, as all of the token. */
  readonly scopes: ReadonlySet<string>;
  /** The organization the token is confined to, or `null` with the permission model `'resource'`. */
  readonly organizationId: string | null;
  /** Who acts on behalf of the subject (token exchange), or `null`. */
  readonly actor: Actor | null;
  /** `iss` */
  readonly issuer: string;
  /** `aud` */
  readonly audience: readonly string[];
  /** `exp`, in seconds since the Unix epoch. */
  readonly expiresAt: number;
  /** `iat`, in seconds since the Unix epoch, or `null` if the token does not say. */
  readonly issuedAt: number | null;
  /** `jti`: the token's own id, or `null` if it has none. */
  readonly tokenId: string | null;
  /** All claims. Members named `__proto__`, `constructor` or `prototype` are left out at every depth. */
  readonly claims: Claims;
}

/** A verified ID token: signature, issuer, application and lifetime hold. It proves a sign-in and grants nothing. */
export interface IdToken
  extends Pick<AccessToken, 'subject' | 'issuer' | 'audience' | 'expiresAt' | 'issuedAt' | 'claims'> {
  /** The application that asked for the sign-in. */
  readonly clientId: string;
}

/** What the core says about an accepted token, as it writes it. */
type Summary = readonly [
  subject: string,
  clientId: string,
  isMachine: boolean,
  scopes: readonly string[],
  organizationId: string | null,
  actor: Actor | null,
  issuer: string,
  audience: readonly string[],
  expiresAt: number,
  issuedAt: number | null,
  tokenId: string | null,
  /** A member somewhere in the claims has a name that could reach a prototype. */
  hazard: boolean,
];

/** Claims are read from the token, whose form the core has checked, when somebody first looks: most requests never do. */
class LazyClaims {
  #token: string;
  readonly #hazard: boolean;
  #claims: Claims | undefined;

  constructor(token: string, hazard: boolean) {
    this.#token = token;
    this.#hazard = hazard;
  }

  get(): Claims {
    if (this.#claims === undefined) {
      const [, payload = ''] = this.#token.split('.');
      const text = new TextDecoder().decode(decodeBase64url(payload));
      const parsed: unknown = this.#hazard ? parseWithoutHazards(text) : JSON.parse(text);
      this.#claims = freezeDeep(parsed as Claims);
      this.#token = '';
    }
    return this.#claims;
  }
}

class VerifiedToken implements AccessToken {
  readonly subject: string;
  readonly clientId: string;
  readonly isMachine: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly organizationId: string | null;
  readonly actor: Actor | null;
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly expiresAt: number;
  readonly issuedAt: number | null;
  readonly tokenId: string | null;
  readonly #claims: LazyClaims;

  constructor(summary: Summary, claims: LazyClaims) {
    const [
      subject,
      clientId,
      isMachine,
      scopes,
      organizationId,
      actor,
      issuer,
      audience,
      expiresAt,
      issuedAt,
      tokenId,
    ] = summary;
    this.subject = subject;
    this.clientId = clientId;
    this.isMachine = isMachine;
    this.scopes = new FrozenSet(scopes);
    this.organizationId = organizationId;
    this.actor = freezeDeep(actor);
    this.issuer = issuer;
    this.audience = Object.freeze(audience);
    this.expiresAt = expiresAt;
    this.issuedAt = issuedAt;
    this.tokenId = tokenId;
    this.#claims = claims;
    Object.freeze(this);
  }

  get claims(): Claims {
    return this.#claims.get();
  }
}

class VerifiedIdToken implements IdToken {
  readonly subject: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly expiresAt: number;
  readonly issuedAt: number | null;
  readonly #claims: LazyClaims;

  constructor(summary: Summary, claims: LazyClaims) {
    const [subject, clientId, , , , , issuer, audience, expiresAt, issuedAt] = summary;
    this.subject = subject;
    this.clientId = clientId;
    this.issuer = issuer;
    this.audience = Object.freeze(audience);
    this.expiresAt = expiresAt;
    this.issuedAt = issuedAt;
    this.#claims = claims;
    Object.freeze(this);
  }

  get claims(): Claims {
    return this.#claims.get();
  }
}

function read(accepted: string, token: string): [Summary, LazyClaims] {
  let summary = JSON.parse(accepted) as Summary;
  const hazard = summary[11];
  if (hazard) summary = parseWithoutHazards(accepted) as Summary;
  return [summary, new LazyClaims(token, hazard)];
}

/** Reads the core's answer about an access token that it has accepted. */
export function readAccessToken(accepted: string, token: string): AccessToken {
  return new VerifiedToken(...read(accepted, token));
}

/** Reads the core's answer about an ID token that it has accepted. */
export function readIdToken(accepted: string, token: string): IdToken {
  return new VerifiedIdToken(...read(accepted, token));
}
