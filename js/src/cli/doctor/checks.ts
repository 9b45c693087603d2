import { ScopegateError } from '../../errors.ts';
import type { KeysFailed, KeysFetched } from '../../events/types.ts';
import { ageOf, ORIGIN, type Probe } from './probe.ts';

/** What the checks look at. */
export interface Examination {
  /** The endpoint, without a trailing slash. */
  readonly endpoint: string;
  readonly audiences: readonly string[];
  readonly discovery: Probe;
  readonly keySet: Probe;
  /** What a verifier with these options says of the key set. */
  readonly verifier: KeysFetched | KeysFailed;
}

/** The result of a check. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'fault';
  /** What was found. */
  readonly seen: string;
  /** What to do about it; for faults and warnings. */
  readonly fix?: string;
}

type Result = Omit<Finding, 'check'>;
type Check = (examination: Examination) => Result | undefined;

const ok = (seen: string): Result => ({ status: 'ok', seen });
const warning = (seen: string, fix: string): Result => ({ status: 'warning', seen, fix });
const fault = (seen: string, fix: string): Result => ({ status: 'fault', seen, fix });

const BEHIND_PROXY =
  'Logto does not know that it is behind a TLS proxy: set TRUST_PROXY_HEADER=1, and let the proxy send X-Forwarded-Proto.';

/** How long a verifier keeps a key set without looking again. */
const TTL_SECONDS = 600;
/** The verifier's default for `clockTolerance`. */
const TOLERANCE_SECONDS = 5;

/** All checks, in the order in which they are reported. A check without a result did not apply. */
const CHECKS: Readonly<Record<string, Check>> = {
  discovery: ({ discovery: { url, problem } }) =>
    problem === undefined
      ? ok(url)
      : fault(
          `${url} ${problem}`,
          'Is this the endpoint shown in the Logto console (without /oidc), and reachable from here?',
        ),

  issuer: ({ endpoint, discovery: { document } }) => {
    if (document === undefined) return undefined;
    const wanted = `${endpoint}/oidc`;
    const { issuer } = document;
    if (issuer === wanted) return ok(wanted);
    if (typeof issuer !== 'string') {
      const seen = issuer === undefined ? '(none)' : 'no text';
      return fault(seen, 'This is no OpenID Connect discovery document: is this the endpoint of a Logto tenant?');
    }
    if (issuer.replace(/^http:/, 'https:') === wanted) {
      return fault(issuer, `${BEHIND_PROXY} Until then tokens name an issuer with http.`);
    }
    return fault(
      issuer,
      `Tokens name this issuer, not ${wanted}. Give the endpoint it belongs to; if clients use both domains, list both: issuer: ['${wanted}', '${issuer}'].`,
    );
  },

  jwks_uri: ({ endpoint, discovery: { document }, keySet }) => {
    if (document === undefined) return undefined;
    const { jwks_uri: address } = document;
    if (address === keySet.url) return ok(keySet.url);
    if (typeof address !== 'string') return fault('(none)', 'This is no OpenID Connect discovery document.');
    if (endpoint.startsWith('https:') && address.startsWith('http:')) {
      return warning(address, `${BEHIND_PROXY} scopegate asks ${keySet.url} in any case.`);
    }
    return warning(
      address,
      `scopegate asks ${keySet.url}. If the keys there are not these, set jwksUri: '${address}'.`,
    );
  },

  'key set': ({ keySet: { url, problem }, verifier }) => {
    if (problem !== undefined) {
      return fault(
        `${url} ${problem}`,
        'Check DNS, TLS, proxies and firewalls between here and there; set jwksUri if it is elsewhere.',
      );
    }
    if (verifier.type === 'keys_failed') {
      return fault(faultOf(verifier.error), 'Every token would be answered with 503: look at what the address serves.');
    }
    const rejected = verifier.rejected.map(({ kid, reason }) => `${kid ?? '(no kid)'}: ${reason}`);
    const seen = `${verifier.keys} usable`;
    if (rejected.length === 0) return ok(seen);
    return warning(`${seen}; not usable: ${rejected.join('; ')}`, 'Tokens signed with those keys are refused.');
  },

  'private keys': ({ keySet }) => {
    const exposed = keysIn(keySet).filter((key) => ['d', 'p', 'q', 'k'].some((name) => name in key));
    if (exposed.length === 0) return undefined;
    return fault(
      `${exposed.length} published`,
      'Anybody can sign tokens with these: rotate the keys now, and publish public keys only.',
    );
  },

  algorithms: ({ keySet }) => {
    const keys = keysIn(keySet);
    if (keys.length === 0) return undefined;
    const found = keys.filter(mayVerify).map(algorithmOf);
    const aside = keys.length - found.length;
    const seen = [...found, ...(aside > 0 ? [`${aside} for other purposes, set aside`] : [])].join(', ');
    const foreign = new Set(found.filter((name) => !DEFAULTS.includes(name)));
    const more = [...foreign].filter((name) => ADDITIONS.has(name));
    if (more.length > 0) {
      const allowed = [...DEFAULTS, ...more].map((name) => `'${name}'`).join(', ');
      return warning(seen, `If tokens are signed with ${more.join(', ')}, set algorithms: [${allowed}].`);
    }
    if (foreign.size > 0) return warning(seen, `${[...foreign].join(', ')}: not supported; such tokens are refused.`);
    const note = found.includes('ES384') ? ': a verifier that is limited to RS256 refuses every token' : '';
    return ok(seen + note);
  },

  CORS: ({ keySet }) => {
    if (keySet.problem !== undefined) return undefined;
    const allowed = keySet.headers.get('access-control-allow-origin');
    if (allowed === '*' || allowed === ORIGIN) return ok(allowed);
    return warning(
      allowed === null ? 'no Access-Control-Allow-Origin' : `for ${allowed || 'nobody'} only`,
      'Servers do not mind. For verification in a browser, let pages of any origin read it (Access-Control-Allow-Origin: *).',
    );
  },

  caching: ({ keySet: { headers, problem } }) => {
    if (problem !== undefined) return undefined;
    const policy = headers.get('cache-control') ?? '';
    const age = ageOf(headers);
    const longest = Math.max(age, lifetimeOf(policy));
    const seen = `Cache-Control: ${policy || '(none)'}${age > 0 ? `, Age: ${age}` : ''}`;
    if (longest <= TTL_SECONDS || /\bno-store\b/i.test(policy)) return ok(seen);
    return warning(
      seen,
      `A cache on the way may serve an old key set for ${longest} s: tokens of a new key are refused that long. Lower it to ${TTL_SECONDS} s.`,
    );
  },

  clock: ({ discovery, keySet }) => {
    const skewMs = keySet.skewMs ?? discovery.skewMs;
    if (skewMs === undefined) return undefined;
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    const seen =
      seconds === 0 ? 'the same as the issuer’s' : `${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the issuer’s`;
    if (seconds <= 2) return ok(seen);
    const fix = `Synchronise this machine's clock (NTP); ${skewMs > 0 ? 'fresh tokens seem to come from the future' : 'tokens expire early'}.`;
    return seconds > TOLERANCE_SECONDS ? fault(seen, fix) : warning(seen, fix);
  },

  audience: ({ endpoint, audiences }) => {
    for (const audience of audiences) {
      const [, fix] = AUDIENCE_FAULTS.find(([matches]) => matches(audience, endpoint)) ?? [];
      if (fix !== undefined) return warning(audience, fix);
    }
    return audiences.length === 0
      ? undefined
      : ok(`${audiences.join(', ')}: must equal the API identifier in Logto byte for byte`);
  },
};

const AUDIENCE_FAULTS: readonly [(audience: string, endpoint: string) => boolean, string][] = [
  [
    (audience) => audience.startsWith('urn:logto:organization:'),
    "This is an organization's audience: leave it out, and use permissionModel: 'organization'.",
  ],
  [
    (audience, endpoint) => audience === endpoint || audience === `${endpoint}/oidc`,
    'This is the issuer, not an API: take the identifier of the API resource in Logto.',
  ],
  [(audience) => audience !== audience.trim(), 'There is white space around it.'],
  [
    (audience) => !URL.canParse(audience),
    'API identifiers are absolute URIs; an application id is the audience of ID tokens only.',
  ],
  [
    (audience) => audience.endsWith('/'),
    'A trailing slash counts: is the API identifier in Logto written with it, too?',
  ],
];

/** What a verifier allows unless it is told otherwise: all that a Logto tenant can sign with. */
const DEFAULTS: readonly string[] = ['ES384', 'RS256', 'ES256', 'ES512', 'PS256'];
/** What it can be told to allow. */
const ADDITIONS: ReadonlySet<string> = new Set(['RS384', 'RS512', 'PS384', 'PS512', 'EdDSA']);

/** Whether the key could check a signature that everybody may check: not a symmetric one, or one for encryption. */
function mayVerify({ kty, use, alg }: Readonly<Record<string, unknown>>): boolean {
  return kty !== 'oct' && use !== 'enc' && !/^(HS\d|RSA|ECDH|A\d|dir$)/.test(String(alg));
}

/** For how many seconds a shared cache may serve it (RFC 9111 §5.2.2.10): what is said to those alone comes first. */
function lifetimeOf(policy: string): number {
  const seconds = (directive: string) => new RegExp(`(?:^|[\\s,])${directive}="?(\\d+)`, 'i').exec(policy)?.[1];
  return Number(seconds('s-maxage') ?? seconds('max-age') ?? 0);
}

/** What is wrong with a key set; a core that refuses one says it in `actual`. */
function faultOf(error: unknown): string {
  return error instanceof ScopegateError ? (error.actual ?? error.message) : String(error);
}

const CURVES: Readonly<Record<string, string>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
};

function keysIn({ document }: Probe): readonly Readonly<Record<string, unknown>>[] {
  const keys = document?.keys;
  if (!Array.isArray(keys)) return [];
  return keys.filter((key): key is Record<string, unknown> => typeof key === 'object' && key !== null);
}

/** The algorithm a key is for: as it says, or by its type; Logto's RSA keys say nothing, and sign with RS256. */
function algorithmOf({ alg, kty, crv }: Readonly<Record<string, unknown>>): string {
  if (typeof alg === 'string') return alg;
  return kty === 'RSA' ? 'RS256' : (CURVES[String(crv)] ?? `${kty} ${crv}`);
}

/** Runs all checks that apply. */
export function findings(examination: Examination): Finding[] {
  return Object.entries(CHECKS).flatMap(([check, run]) => {
    const result = run(examination);
    return result === undefined ? [] : [{ check, ...result }];
  });
}
