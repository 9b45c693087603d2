// The table: what is asked, and what every adapter has to answer.
import type { OutgoingHttpHeaders } from 'node:http';
import { AUDIENCE, accessToken, ENDPOINT, idToken, START } from '../support/tenant.ts';
import { METADATA } from './api.ts';

/** A refusal, to the byte. */
interface Refused {
  readonly status: number;
  readonly challenge: string | null;
  readonly body: string;
}

export interface Row {
  readonly name: string;
  readonly path: string;
  /** The one adapter that it is about; all of them, if not given. */
  readonly only?: string;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Accepted: the subject that the handler saw. Otherwise a refusal, a document, or only a status. */
  readonly expect:
    | { readonly subject: string | null }
    | { readonly refused: Refused }
    | { readonly status: number }
    | { readonly document: object };
}

const USER = 'w2k7dq3hz9ab';
const accepted = { subject: USER };
const anonymous = { subject: null };

const token = async (claims: Record<string, unknown> = {}): Promise<string> => accessToken({ claims });
const bearer = async (claims: Record<string, unknown> = {}): Promise<OutgoingHttpHeaders> => ({
  authorization: `Bearer ${await token(claims)}`,
});

const IN_POSTS = { realm: 'blog', scope: 'read:posts', resource_metadata: METADATA };

const MESSAGES: Readonly<Record<string, readonly [number, string, string]>> = {
  token_missing: [401, 'token_missing', 'no access token was sent'],
  request_invalid: [400, 'invalid_request', 'the request is malformed'],
  token_malformed: [401, 'invalid_token', 'the token is not a well-formed JWT'],
  token_expired: [401, 'invalid_token', 'the token has expired'],
  token_type_mismatch: [401, 'invalid_token', 'the token is not an access token'],
  audience_mismatch: [401, 'invalid_token', 'the token is meant for another audience'],
  scope_insufficient: [403, 'insufficient_scope', 'the token lacks a required scope'],
  organization_mismatch: [403, 'insufficient_scope', 'the token belongs to another organization'],
  organization_missing: [401, 'invalid_token', 'the token belongs to no organization'],
  keys_unavailable: [503, 'keys_unavailable', "the issuer's keys cannot be loaded"],
};

/** What RFC 6750 §3 makes of a code, written out apart from the library. */
function refused(
  code: string,
  parameters: Readonly<Record<string, string>> = {},
  missing?: string[],
): { refused: Refused } {
  const [status, error, message] = MESSAGES[code] ?? [0, '', ''];
  const body = JSON.stringify({ error, error_description: message, code, missing });
  const { realm, ...others } = parameters;
  const said = {
    ...(realm === undefined ? {} : { realm }),
    ...(code === 'token_missing' ? {} : { error, error_description: message }),
    ...others,
  };
  const challenge = `Bearer ${Object.entries(said)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`.trim();
  return { refused: { status, challenge: status === 503 ? null : challenge, body } };
}

const ORIGIN = { origin: 'https://app.example' };
const PREFLIGHT = { ...ORIGIN, 'access-control-request-method': 'DELETE' };

const good = await bearer();
const member = await bearer({ organization_id: 'org1' });
const first = await token({ jti: '1' });
const second = await token({ jti: '2' });

const document = (resource: string) => ({
  resource,
  authorization_servers: [`${ENDPOINT}/oidc`],
  bearer_methods_supported: ['header'],
  scopes_supported: ['read:posts', 'write:posts'],
  resource_name: 'Blog',
});

/** Two lines, which is what Node makes of a list; its types allow one only. */
const TWICE = { authorization: [`Bearer ${first}`, `Bearer ${second}`] } as unknown as OutgoingHttpHeaders;

export const ROWS: readonly Row[] = [
  { name: 'a good token passes', path: '/posts', headers: good, expect: accepted },
  {
    name: 'the scheme is case-insensitive',
    path: '/posts',
    headers: { authorization: `bEaReR ${first}` },
    expect: accepted,
  },
  { name: 'no credentials: no error code', path: '/posts', expect: refused('token_missing', IN_POSTS) },
  { name: 'no credentials, nothing to say', path: '/any', expect: refused('token_missing') },
  {
    name: 'the credentials of another scheme are none',
    path: '/any',
    headers: { authorization: 'Basic dXNlcjpwYXNz' },
    expect: refused('token_missing'),
  },
  {
    name: 'malformed credentials',
    path: '/posts',
    headers: { authorization: `Bearer ${first} x` },
    expect: refused('request_invalid', IN_POSTS),
  },
  {
    name: 'two credentials',
    path: '/posts',
    headers: TWICE,
    expect: refused('request_invalid', IN_POSTS),
  },
  {
    name: 'not a token',
    path: '/any',
    headers: { authorization: 'Bearer a.b.c' },
    expect: refused('token_malformed'),
  },
  {
    name: 'an expired token, also where scopes lack: 401 before 403',
    path: '/posts',
    headers: await bearer({ exp: START / 1000 - 60, scope: '' }),
    expect: refused('token_expired', IN_POSTS),
  },
  {
    name: 'an ID token',
    path: '/any',
    headers: { authorization: `Bearer ${await idToken({ aud: AUDIENCE })}` },
    expect: refused('token_type_mismatch'),
  },
  {
    name: "another API's token",
    path: '/any',
    headers: await bearer({ aud: 'https://other.example' }),
    expect: refused('audience_mismatch'),
  },
  {
    name: 'lacking scopes',
    path: '/posts',
    headers: await bearer({ scope: 'other' }),
    expect: refused('scope_insufficient', IN_POSTS, ['read:posts']),
  },
  {
    name: 'lacking further scopes',
    path: '/more',
    headers: good,
    expect: refused('scope_insufficient', { scope: 'delete:posts' }, ['delete:posts']),
  },
  {
    name: 'further scopes',
    path: '/more',
    headers: await bearer({ scope: 'write:posts admin:posts' }),
    expect: accepted,
  },
  { name: 'optional, without a token', path: '/optional', expect: anonymous },
  { name: 'optional, with a token', path: '/optional', headers: good, expect: accepted },
  {
    name: 'optional, with a bad token',
    path: '/optional',
    headers: await bearer({ exp: 1 }),
    expect: refused('token_expired'),
  },
  {
    name: 'optional, with malformed credentials',
    path: '/optional',
    headers: { authorization: 'Bearer' },
    expect: refused('request_invalid'),
  },
  {
    name: 'optional, then scopes',
    path: '/optional-more',
    expect: refused('token_missing', { scope: 'write:posts delete:posts' }),
  },
  { name: 'an outage', path: '/outage', headers: good, expect: refused('keys_unavailable') },
  { name: 'an outage, without a token', path: '/outage', expect: refused('token_missing') },
  { name: 'the organization of the path', path: '/organizations/org1', headers: member, expect: accepted },
  {
    name: 'another organization in the path',
    path: '/organizations/org2',
    headers: member,
    expect: refused('organization_mismatch'),
  },
  {
    name: 'a token without an organization',
    path: '/organizations/org1',
    headers: good,
    expect: refused('organization_missing'),
  },
  {
    name: 'the organization of a header',
    path: '/by-header',
    headers: { ...member, 'x-organization': 'org1' },
    expect: accepted,
  },
  {
    name: 'another organization in the header',
    path: '/by-header',
    headers: { ...member, 'x-organization': 'org2' },
    expect: refused('organization_mismatch'),
  },
  { name: 'no organization in the header', path: '/by-header', headers: member, expect: refused('request_invalid') },
  {
    name: 'no organization in the header, an expired token: 401 before 400',
    path: '/by-header',
    headers: await bearer({ organization_id: 'org1', exp: 1 }),
    expect: refused('token_expired'),
  },
  {
    name: 'no organization in the header, not a token',
    path: '/by-header',
    headers: { authorization: 'Bearer garbage' },
    expect: refused('token_malformed'),
  },
  {
    name: 'no organization in the header, the credentials of another scheme',
    path: '/by-header',
    headers: { authorization: 'Basic dXNlcjpwYXNz' },
    expect: refused('token_missing'),
  },
  { name: 'no organization, no token', path: '/by-header', expect: refused('token_missing') },
  { name: 'the organization of a function', path: '/by-function?organization=org1', headers: member, expect: accepted },
  {
    name: 'the organization of a function, lacking scopes',
    path: '/by-function?organization=org1',
    headers: await bearer({ organization_id: 'org1', scope: '' }),
    expect: refused('scope_insufficient', { scope: 'read:posts' }, ['read:posts']),
  },
  { name: 'a fixed organization', path: '/fixed', headers: member, expect: accepted },
  { name: 'a fault in the organization function', path: '/throws', headers: member, expect: { status: 500 } },
  { name: 'scopes without a guard', path: '/forgotten', headers: good, expect: { status: 500 } },
  { name: 'HEAD with a good token', path: '/any', method: 'HEAD', headers: good, expect: accepted },
  { name: 'HEAD without one', path: '/posts', method: 'HEAD', expect: refused('token_missing', IN_POSTS) },
  { name: 'OPTIONS', path: '/any', method: 'OPTIONS', expect: refused('token_missing') },
  { name: 'DELETE with a good token', path: '/any', method: 'DELETE', headers: good, expect: accepted },
  {
    name: 'a preflight where none is expected',
    path: '/any',
    method: 'OPTIONS',
    headers: PREFLIGHT,
    expect: refused('token_missing'),
  },
  { name: 'a preflight', path: '/cors', method: 'OPTIONS', headers: PREFLIGHT, expect: anonymous },
  {
    name: 'a preflight with a bad token',
    path: '/cors',
    method: 'OPTIONS',
    headers: { ...PREFLIGHT, authorization: 'Bearer x.y.z' },
    expect: refused('token_malformed'),
  },
  { name: 'what a preflight announced', path: '/cors', headers: ORIGIN, expect: refused('token_missing') },
  {
    name: 'the metadata of the resource (RFC 9728)',
    path: '/.well-known/oauth-protected-resource',
    expect: { document: document(AUDIENCE) },
  },
  {
    name: 'the metadata of a resource with a path',
    path: '/.well-known/oauth-protected-resource/v1',
    expect: { document: document(`${AUDIENCE}/v1`) },
  },
  {
    name: 'a preflight for the metadata',
    path: '/.well-known/oauth-protected-resource',
    method: 'OPTIONS',
    headers: { ...PREFLIGHT, 'access-control-request-headers': 'mcp-protocol-version' },
    expect: { status: 204 },
  },
  {
    name: 'the metadata cannot be deleted',
    path: '/.well-known/oauth-protected-resource',
    method: 'DELETE',
    expect: { status: 405 },
  },
  {
    name: 'proxy.ts: no credentials',
    only: 'next',
    path: '/proxied',
    expect: refused('token_missing', IN_POSTS),
  },
  {
    name: 'proxy.ts: lacking scopes',
    only: 'next',
    path: '/proxied',
    headers: await bearer({ scope: '' }),
    expect: refused('scope_insufficient', IN_POSTS, ['read:posts']),
  },
  { name: 'proxy.ts: a good token passes', only: 'next', path: '/proxied', headers: good, expect: anonymous },
];
