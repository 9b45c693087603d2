/** iss, aud, sub, client_id, jti, cnf, act (RFC 7519 §4.1, RFC 9068 §2.2, RFC 8693 §4.1, RFC 7800 §3.1). */
import { accepted, access, type Case, refused } from '../lib/case.ts';
import { AUDIENCE, CLIENT, CUSTOM_ISSUER, ENDPOINT, ISSUER, MACHINE, type Members, token, USER } from '../lib/token.ts';

const withClaims = (claims: Members): string => token({ claims });

function issuers(): Case[] {
  const mismatch = refused('issuer_mismatch', 'iss');
  const several = { options: { issuer: [ISSUER, CUSTOM_ISSUER], audience: AUDIENCE, jwks: 'tenant' } };
  const wrong = [
    `${ISSUER}/`,
    ENDPOINT,
    ISSUER.toUpperCase(),
    'https://MY-TENANT.logto.app/oidc',
    `${ISSUER}x`,
    ISSUER.slice(0, -1),
    ISSUER.replace('https', 'http'),
    'https://my-tenant.logto.app:443/oidc',
    `${ISSUER}?x`,
    `${ISSUER} `,
    `${ISSUER}\0`,
    'https://my-tenant.logto.app.evil.example/oidc',
    'https://other.logto.app/oidc',
    CUSTOM_ISSUER,
  ];
  const invalid: readonly (readonly [string, unknown])[] = [
    ['array', [ISSUER]],
    ['number', 1],
    ['null', null],
    ['object', {}],
    ['bool', true],
  ];
  return [
    access('iss-endpoint', 'the issuer follows from the endpoint', token(), accepted({ issuer: ISSUER })),
    access('iss-given', 'the issuer itself', token(), accepted({ issuer: ISSUER }), {
      options: { issuer: ISSUER, audience: AUDIENCE, jwks: 'tenant' },
    }),
    access('iss-several-first', 'the first of two issuers', token(), accepted({ issuer: ISSUER }), several),
    access(
      'iss-several-second',
      'the second: a custom domain',
      withClaims({ iss: CUSTOM_ISSUER }),
      accepted({ issuer: CUSTOM_ISSUER }),
      several,
    ),
    access('iss-several-other', 'neither', withClaims({ iss: 'https://third.example/oidc' }), mismatch, several),
    access('iss-with-path', 'an endpoint with a path', withClaims({ iss: 'https://d.example/auth/oidc' }), accepted(), {
      with: { endpoint: 'https://d.example/auth' },
    }),
    access('iss-endpoint-slash', 'an endpoint with a slash at its end', token(), accepted(), {
      with: { endpoint: `${ENDPOINT}/` },
    }),
    ...wrong.map((iss, i) => access(`iss-wrong-${i}`, `iss is ${JSON.stringify(iss)}`, withClaims({ iss }), mismatch)),
    access('iss-missing', 'no iss', withClaims({ iss: undefined }), refused('claim_missing', 'iss')),
    ...invalid.map(([id, iss]) =>
      access(`iss-${id}`, 'iss is no string', withClaims({ iss }), refused('claim_invalid', 'iss')),
    ),
  ];
}

function audiences(): Case[] {
  const mismatch = refused('audience_mismatch', 'aud');
  const other = 'https://other.example';
  const wrong = [
    `${AUDIENCE}/`,
    AUDIENCE.toUpperCase(),
    AUDIENCE.slice(0, -1),
    `${AUDIENCE}.evil.example`,
    `${AUDIENCE}/v1`,
    other,
    CLIENT,
    ISSUER,
    '*',
    `${AUDIENCE} ${other}`,
    `${AUDIENCE},${other}`,
    `["${AUDIENCE}"]`,
    ' ',
    'urn:logto:resource:organizations',
    'https://default.logto.app/api',
    `${ENDPOINT}/api`,
  ];
  const invalid: readonly (readonly [string, unknown])[] = [
    ['number', 1],
    ['null', null],
    ['object', { 0: AUDIENCE }],
    ['bool', true],
    ['empty', ''],
    ['empty-list', []],
    ['list-with-number', [AUDIENCE, 1]],
    ['list-with-null', [AUDIENCE, null]],
    ['nested-list', [[AUDIENCE]]],
  ];
  return [
    access(
      'aud-list',
      'a list with the resource alone',
      withClaims({ aud: [AUDIENCE] }),
      accepted({ audience: [AUDIENCE] }),
    ),
    access(
      'aud-list-last',
      'a list that ends with the resource',
      withClaims({ aud: [other, AUDIENCE] }),
      accepted({ audience: [other, AUDIENCE] }),
    ),
    access('aud-list-other', 'a list without it', withClaims({ aud: [other, `${AUDIENCE}/`] }), mismatch),
    access('aud-several', 'the second of two audiences', withClaims({ aud: other }), accepted({ audience: [other] }), {
      with: { audience: [AUDIENCE, other] },
    }),
    access('aud-several-neither', 'neither of two', withClaims({ aud: 'https://third.example' }), mismatch, {
      with: { audience: [AUDIENCE, other] },
    }),
    access('aud-slash-expected', 'the slash is in the configuration', token(), mismatch, {
      with: { audience: `${AUDIENCE}/` },
    }),
    access('aud-slash-both', 'and in the token', withClaims({ aud: `${AUDIENCE}/` }), accepted(), {
      with: { audience: `${AUDIENCE}/` },
    }),
    access('aud-no-url', 'an indicator that is no https URL', withClaims({ aud: 'urn:blog:api' }), accepted(), {
      with: { audience: 'urn:blog:api' },
    }),
    ...wrong.map((aud, i) => access(`aud-wrong-${i}`, `aud is ${JSON.stringify(aud)}`, withClaims({ aud }), mismatch)),
    access('aud-missing', 'no aud', withClaims({ aud: undefined }), refused('claim_missing', 'aud')),
    ...invalid.map(([id, aud]) =>
      access(`aud-${id}`, `aud is ${JSON.stringify(aud)}`, withClaims({ aud }), refused('claim_invalid', 'aud')),
    ),
  ];
}

function parties(): Case[] {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['empty', ''],
    ['number', 7],
    ['null', null],
    ['list', ['a']],
    ['object', { id: 'a' }],
    ['bool', false],
  ];
  const url = `https://client.example/${'x'.repeat(2048 - 23)}`;
  const clients = { with: { clientIds: [CLIENT, MACHINE] } };
  const forbidden = refused('client_not_allowed', 'client_id');
  return [
    ...['sub', 'client_id'].flatMap((name) => [
      access(`${name}-missing`, `no ${name}`, withClaims({ [name]: undefined }), refused('claim_missing', name)),
      ...wrong.map(([id, value]) =>
        access(
          `${name}-${id}`,
          `${name} is ${JSON.stringify(value)}`,
          withClaims({ [name]: value }),
          refused('claim_invalid', name),
        ),
      ),
    ]),
    access('jti-number', 'jti is a number', withClaims({ jti: 1 }), refused('claim_invalid', 'jti')),
    access('jti-missing', 'no jti', withClaims({ jti: undefined }), accepted({ tokenId: null })),
    access('jti', 'jti is given', token(), accepted({ tokenId: 'Y2k1xTgUqf0oO3m8dLw7a' })),
    access(
      'machine',
      'sub equals client_id: an application acts for itself',
      withClaims({ sub: CLIENT }),
      accepted({ isMachine: true, subject: CLIENT, clientId: CLIENT }),
    ),
    access(
      'not-quite-machine',
      'sub differs from client_id in case',
      withClaims({ sub: CLIENT.toUpperCase() }),
      accepted({ isMachine: false }),
    ),
    access(
      'client-url',
      'client_id is a URL of 2,048 characters',
      withClaims({ client_id: url }),
      accepted({ clientId: url, isMachine: false }),
    ),
    access(
      'sub-unicode',
      'a subject beyond ASCII',
      withClaims({ sub: 'ユーザー-😀' }),
      accepted({ subject: 'ユーザー-😀' }),
    ),
    access('sub-spaces', 'a subject of one space is a string', withClaims({ sub: ' ' }), accepted({ subject: ' ' })),
    access(
      'azp-instead',
      'azp is no substitute for client_id',
      withClaims({ client_id: undefined, azp: CLIENT }),
      refused('claim_missing', 'client_id'),
    ),
    access('client-allowed', 'on the list', token(), accepted({ clientId: CLIENT }), clients),
    access('client-not-allowed', 'not on the list', withClaims({ client_id: 'another' }), forbidden, clients),
    access(
      'client-prefix',
      'a prefix of one on the list',
      withClaims({ client_id: CLIENT.slice(0, -1) }),
      forbidden,
      clients,
    ),
    access(
      'client-missing-with-list',
      'none, though there is a list',
      withClaims({ client_id: undefined }),
      refused('claim_missing', 'client_id'),
      clients,
    ),
  ];
}

function bindings(): Case[] {
  const unsupported = refused('confirmation_unsupported', 'cnf');
  const forbid = { with: { actor: 'forbid' } };
  const denied = refused('actor_not_allowed', 'act');
  const act = { sub: 'support00001' };
  const nested = { sub: 'a', act: { sub: 'b', act: { sub: 'c' } } };
  const wrong: readonly (readonly [string, unknown])[] = [
    ['string', 'support00001'],
    ['null', null],
    ['list', ['a']],
    ['number', 1],
    ['bool', true],
  ];
  return [
    access(
      'cnf-jkt',
      'bound to a DPoP key',
      withClaims({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }),
      unsupported,
    ),
    access(
      'cnf-x5t',
      'bound to a certificate',
      withClaims({ cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } }),
      unsupported,
    ),
    access('cnf-empty', 'an empty cnf', withClaims({ cnf: {} }), unsupported),
    access('cnf-null', 'cnf is null', withClaims({ cnf: null }), unsupported),
    access('cnf-string', 'cnf is a string', withClaims({ cnf: 'x' }), unsupported),
    access('act', 'somebody acts for the user', withClaims({ act }), accepted({ actor: act, subject: USER })),
    access('act-absent', 'nobody acts for the user', token(), accepted({ actor: null })),
    access('act-nested', 'a chain of actors', withClaims({ act: nested }), accepted({ actor: nested })),
    ...wrong.map(([id, value]) =>
      access(
        `act-${id}`,
        `act is ${JSON.stringify(value)}`,
        withClaims({ act: value }),
        refused('claim_invalid', 'act'),
      ),
    ),
    access('act-forbidden', 'an actor where none may be', withClaims({ act }), denied, forbid),
    access(
      'act-forbidden-string',
      'act as a string where none may be',
      withClaims({ act: 'support00001' }),
      denied,
      forbid,
    ),
    access('act-forbidden-absent', 'no actor where none may be', token(), accepted({ actor: null }), forbid),
    access(
      'may-act',
      'may_act says who could act, not who does',
      withClaims({ may_act: act }),
      accepted({ actor: null }),
      forbid,
    ),
    access(
      'custom-claims',
      'claims of a custom-claims script',
      withClaims({ roles: ['editor'], typ: 'x', plan: { tier: 3 } }),
      accepted({ claims: { roles: ['editor'], typ: 'x', plan: { tier: 3 } } }),
    ),
    access(
      'claims-not-scopes',
      'permissions elsewhere are no scopes',
      withClaims({ scope: '', scp: 'read:posts', permissions: ['read:posts'], roles: ['admin'] }),
      { code: 'scope_insufficient', missing: ['read:posts'] },
      { requirement: { scopes: 'read:posts' } },
    ),
  ];
}

export const claims = (): Case[] => [...issuers(), ...audiences(), ...parties(), ...bindings()];
