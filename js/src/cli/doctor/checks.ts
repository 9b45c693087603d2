import type { KeysFailed, KeysFetched } from '../../events/types.ts';
import type { Probe } from './probe.ts';

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
    if (typeof issuer === 'string' && issuer.replace(/^http:/, 'https:') === wanted) {
      return fault(issuer, `${BEHIND_PROXY} Until then tokens name an issuer with http.`);
    }
    return fault(
      typeof issuer === 'string' ? issuer : '(none)',
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
      return fault(String(verifier.error), 'Every token would be answered with 503: look at what the address serves.');
    }
    const rejected = verifier.rejected.map(({ kid, reason }) => `${kid}: ${reason}`);
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
    const found = keysIn(keySet).map(algorithmOf);
    if (found.length === 0) return undefined;
    const foreign = found.filter((name) => !LOGTO.has(name));
    const seen = found.join(', ');
    if (foreign.length > 0)
      return warning(seen, `Allow them if they sign access tokens: algorithms: ['${foreign[0]}'].`);
    const note = found.includes('ES384') ? ': a verifier that is limited to RS256 refuses every token' : '';
    return ok(seen + note);
  },

  CORS: ({ keySet }) => {
    if (keySet.problem !== undefined) return undefined;
    const allowed = keySet.headers.get('access-control-allow-origin');
    if (allowed !== null) return ok(allowed);
    return warning(
      'no Access-Control-Allow-Origin',
      'Servers do not mind. For verification in a browser, let the proxy pass it on.',
    );
  },

  caching: ({ keySet: { headers, problem } }) => {
    if (problem !== undefined) return undefined;
    const policy = headers.get('cache-control') ?? '';
    const age = Number(headers.get('age') ?? 0);
    const longest = Math.max(age, Number(/(?:s-maxage|max-age)=(\d+)/.exec(policy)?.[1] ?? 0));
    const seen = `Cache-Control: ${policy || '(none)'}${age > 0 ? `, Age: ${age}` : ''}`;
    if (longest <= TTL_SECONDS) return ok(seen);
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

/** What a Logto tenant can sign with, and a verifier allows unless it is told otherwise. */
const LOGTO: ReadonlySet<string> = new Set(['ES256', 'ES384', 'ES512', 'RS256', 'PS256']);

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
