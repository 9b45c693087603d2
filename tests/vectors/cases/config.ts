/** Options and requirements that are missing, empty or contradictory; and the Authorization header (RFC 6750 §2.1). */
import {
  accepted,
  access,
  bearer,
  type Case,
  id,
  ORGANIZATION,
  ORGANIZATION_RESOURCE,
  RESOURCE,
  refused,
} from '../lib/case.ts';
import { AUDIENCE, CLIENT, ENDPOINT, ISSUER, type Members, ORG, token } from '../lib/token.ts';

const invalid = refused('config_invalid');

function options(): Case[] {
  const bad: readonly (readonly [string, string, Members])[] = [
    ['nothing', 'no options', { jwks: 'tenant' }],
    ['no-issuer', 'neither endpoint nor issuer', { audience: AUDIENCE, jwks: 'tenant' }],
    ['both-issuers', 'endpoint and issuer', { ...RESOURCE, issuer: ISSUER }],
    ['issuer-empty', 'an empty issuer', { issuer: '', audience: AUDIENCE, jwks: 'tenant' }],
    ['issuers-empty', 'an empty list of issuers', { issuer: [], audience: AUDIENCE, jwks: 'tenant' }],
    ['issuer-slash', 'a slash after /oidc', { issuer: `${ISSUER}/`, audience: AUDIENCE, jwks: 'tenant' }],
    ['endpoint-oidc', 'endpoint with /oidc', { ...RESOURCE, endpoint: ISSUER }],
    ['endpoint-http', 'http beyond loopback', { ...RESOURCE, endpoint: 'http://tenant.example' }],
    ['no-audience', 'no audience', { endpoint: ENDPOINT, jwks: 'tenant' }],
    ['audience-empty', 'an empty audience', { ...RESOURCE, audience: '' }],
    ['audiences-empty', 'an empty list of audiences', { ...RESOURCE, audience: [] }],
    ['audience-null', 'audience is null', { ...RESOURCE, audience: null }],
    ['audience-one-empty', 'one of the audiences is empty', { ...RESOURCE, audience: [AUDIENCE, ''] }],
    [
      'audience-urn',
      'the URN of an organization as the audience of a resource',
      { ...RESOURCE, audience: `urn:logto:organization:${ORG}` },
    ],
    ['audience-of-organization', 'an audience in the organization model', { ...ORGANIZATION, audience: AUDIENCE }],
    ['model-unknown', 'an unknown permission model', { ...RESOURCE, permissionModel: 'global' }],
    ['algorithms-empty', 'no algorithm', { ...RESOURCE, algorithms: [] }],
    ['algorithms-none', 'none', { ...RESOURCE, algorithms: ['ES384', 'none'] }],
    ['algorithms-hs256', 'HS256', { ...RESOURCE, algorithms: ['HS256'] }],
    ['algorithms-unknown', 'an unknown algorithm', { ...RESOURCE, algorithms: ['es384'] }],
    ['typ-empty', 'an empty typ', { ...RESOURCE, typ: '' }],
    ['tolerance-negative', 'a negative tolerance', { ...RESOURCE, clockTolerance: -1 }],
    ['tolerance-string', 'a tolerance that is no number', { ...RESOURCE, clockTolerance: '5' }],
    ['age-zero', 'no age at all', { ...RESOURCE, maxTokenAge: 0 }],
    ['clients-empty', 'an empty list of clients', { ...RESOURCE, clientIds: [] }],
    ['actor-unknown', 'an unknown actor policy', { ...RESOURCE, actor: 'deny' }],
    ['implied-empty', 'a scope that implies nothing', { ...RESOURCE, impliedScopes: { a: [] } }],
    ['length-zero', 'no length at all', { ...RESOURCE, maxTokenLength: 0 }],
    ['jwks-no-keys', 'a key set without keys', { ...RESOURCE, jwks: {} }],
    ['jwks-and-uri', 'a fixed key set and a place to fetch one', { ...RESOURCE, jwksUri: `${ISSUER}/jwks` }],
    ['unknown-option', 'an option nobody knows', { ...RESOURCE, audiences: [AUDIENCE] }],
  ];
  const requirements: readonly (readonly [string, string, Members, Members])[] = [
    ['organization-not-allowed', 'an organization in the resource model', RESOURCE, { organization: ORG }],
    ['organization-needed', 'none in the organization model', ORGANIZATION, {}],
    ['organization-needed-resource', 'none in the organization-resource model', ORGANIZATION_RESOURCE, {}],
    ['organization-empty', 'an empty one', ORGANIZATION, { organization: '' }],
    ['scope-empty', 'an empty scope', RESOURCE, { scopes: '' }],
    ['scopes-empty', 'an empty list of scopes', RESOURCE, { scopes: [] }],
    ['any-empty', 'anyOf of nothing', RESOURCE, { scopes: { anyOf: [] } }],
    ['scope-with-space', 'two scopes in one string', RESOURCE, { scopes: 'read:posts write:posts' }],
    ['nested-empty', 'an empty list deeper down', RESOURCE, { scopes: { anyOf: ['a', { allOf: [] }] } }],
  ];
  return [
    ...bad.map(([name, why, all]) => access(`options-${name}`, why, token(), invalid, { options: all })),
    ...requirements.map(([name, why, all, requirement]) =>
      access(`requirement-${name}`, why, token(), invalid, { options: all, requirement }),
    ),
    id('options-id-no-client', 'verifyIdToken without clientId', token(), invalid, {
      options: { endpoint: ENDPOINT, jwks: 'tenant' },
    }),
    id('options-id-audience', 'verifyIdToken with an audience', token(), invalid, {
      options: { ...RESOURCE, clientId: CLIENT },
    }),
  ];
}

function authorization(): Case[] {
  const missing = refused('token_missing');
  const malformed = refused('request_invalid');
  const read = (name: string, why: string, header: string): Case =>
    bearer(name, why, header, accepted({ token: 'a.b-c_1.d' }));
  return [
    read('bearer', 'as it should be', 'Bearer a.b-c_1.d'),
    read('bearer-lower', 'the scheme in lower case', 'bearer a.b-c_1.d'),
    read('bearer-upper', 'the scheme in upper case', 'BEARER a.b-c_1.d'),
    read('bearer-spaces', 'several spaces', 'Bearer    a.b-c_1.d'),
    bearer('bearer-absent', 'no header', null, missing),
    bearer('bearer-empty', 'an empty header', '', missing),
    bearer('bearer-basic', 'another scheme', 'Basic dXNlcjpwYXNz', missing),
    bearer('bearer-scheme-only', 'the scheme alone', 'Bearer', malformed),
    bearer('bearer-no-token', 'the scheme and a space', 'Bearer ', malformed),
    bearer('bearer-two', 'two tokens', 'Bearer a.b.c d.e.f', malformed),
    bearer('bearer-joined', 'two headers joined by a comma', 'Bearer a.b.c, Bearer d.e.f', malformed),
    bearer('bearer-quoted', 'in quotation marks', 'Bearer "a.b.c"', malformed),
  ];
}

export const config = (): Case[] => [...options(), ...authorization()];
