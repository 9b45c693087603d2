/** Logto's three permission models, and verifyIdToken, each against every kind of token that a tenant issues. */
import {
  accepted,
  access,
  type Case,
  type Expect,
  id,
  ORGANIZATION,
  ORGANIZATION_RESOURCE,
  refused,
} from '../lib/case.ts';
import {
  AUDIENCE,
  CLIENT,
  ENDPOINT,
  EXP,
  IAT,
  ISSUER,
  idToken,
  MACHINE,
  type Members,
  ORG,
  OTHER_ORG,
  token,
  USER,
} from '../lib/token.ts';

const URN = 'urn:logto:organization:';
const withClaims = (claims: Members): string => token({ claims });
const machine = { sub: MACHINE, client_id: MACHINE };
const IN_ORG = { organization: ORG };

interface Kind {
  readonly name: string;
  readonly why: string;
  readonly token: string;
  readonly resource: Expect;
  readonly organizationResource: Expect;
  readonly organization: Expect;
  readonly id: Expect;
}

const audience = refused('audience_mismatch', 'aud');
const type = refused('token_type_mismatch', 'typ');

/** Refused for the same reason everywhere. */
const everywhere = (expect: Expect) => ({
  resource: expect,
  organizationResource: expect,
  organization: expect,
  id: expect,
});

function kinds(): Kind[] {
  const user: Members = { subject: USER, clientId: CLIENT, isMachine: false };
  const app: Members = { subject: MACHINE, clientId: MACHINE, isMachine: true };
  const logout = {
    iss: ISSUER,
    sub: USER,
    aud: CLIENT,
    iat: IAT,
    jti: 'l',
    sid: 's',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  };
  const global = (claims: Members, who: Members) => ({
    token: withClaims(claims),
    resource: accepted({ ...who, organizationId: null }),
    organizationResource: refused('organization_missing', 'organization_id'),
    organization: audience,
    id: type,
  });
  const inOrganization = (claims: Members, who: Members, scopes: string[]) => ({
    token: withClaims({ organization_id: ORG, ...claims }),
    resource: refused('organization_unexpected', 'organization_id'),
    organizationResource: accepted({ ...who, scopes, organizationId: ORG, audience: [AUDIENCE] }),
    organization: audience,
    id: type,
  });
  const ofOrganization = (claims: Members, who: Members, scopes: string[]) => ({
    token: withClaims({ aud: `${URN}${ORG}`, ...claims }),
    resource: audience,
    organizationResource: audience,
    organization: accepted({ ...who, scopes, organizationId: ORG, audience: [`${URN}${ORG}`] }),
    id: type,
  });
  const other = (aud: string) => ({
    token: withClaims({ ...machine, aud, scope: 'all' }),
    resource: audience,
    organizationResource: audience,
    organization: audience,
    id: type,
  });
  return [
    { name: 'user', why: 'a user, for the API resource', ...global({}, user) },
    {
      name: 'user-no-permissions',
      why: 'a user without permissions',
      ...global({ scope: '' }, { ...user, scopes: [] }),
    },
    {
      name: 'machine',
      why: 'an application for itself, for the API resource',
      ...global({ ...machine, scope: 'read:posts' }, { ...app, scopes: ['read:posts'] }),
    },
    {
      name: 'machine-no-scope',
      why: 'an application that asked for no scope',
      ...global({ ...machine, scope: undefined }, { ...app, scopes: [] }),
    },
    {
      name: 'delegated',
      why: 'by token exchange, with an actor',
      ...global({ act: { sub: 'support00001' } }, { ...user, actor: { sub: 'support00001' } }),
    },
    {
      name: 'org',
      why: 'organization token of a user',
      ...ofOrganization({ scope: 'invite:member' }, user, ['invite:member']),
    },
    { name: 'org-empty', why: 'organization token whose scope is empty', ...ofOrganization({ scope: '' }, user, []) },
    {
      name: 'org-machine',
      why: 'organization token of an application',
      ...ofOrganization({ ...machine, scope: undefined }, app, []),
    },
    {
      name: 'org-other',
      why: 'organization token of another organization',
      token: withClaims({ aud: `${URN}${OTHER_ORG}` }),
      resource: audience,
      organizationResource: refused('organization_mismatch', 'aud'),
      organization: refused('organization_mismatch', 'aud'),
      id: type,
    },
    {
      name: 'org-resource',
      why: 'a user, for the API resource in the organization',
      ...inOrganization({}, user, ['read:posts', 'write:posts']),
    },
    {
      name: 'org-resource-machine',
      why: 'an application in the organization',
      ...inOrganization({ ...machine, scope: undefined }, app, []),
    },
    {
      name: 'org-resource-other',
      why: 'for the API resource in another organization',
      token: withClaims({ organization_id: OTHER_ORG }),
      resource: refused('organization_unexpected', 'organization_id'),
      organizationResource: refused('organization_mismatch', 'organization_id'),
      organization: audience,
      id: type,
    },
    { name: 'management', why: "for Logto's Management API", ...other(`${ENDPOINT}/api`) },
    { name: 'management-oss', why: 'the same on a self-hosted Logto', ...other('https://default.logto.app/api') },
    {
      name: 'organizations-resource',
      why: "for Logto's own organization resource: all organizations at once",
      ...other('urn:logto:resource:organizations'),
    },
    {
      name: 'id-token',
      why: 'an ID token since 1.42, without typ',
      token: idToken(),
      ...everywhere(type),
      id: accepted({ subject: USER, audience: [CLIENT] }),
    },
    {
      name: 'id-token-jwt',
      why: 'an ID token before 1.42, typ JWT',
      token: idToken({}, 'JWT'),
      ...everywhere(type),
      id: accepted({ subject: USER, audience: [CLIENT] }),
    },
    {
      name: 'id-token-aud',
      why: 'an ID token with the audience of the API',
      token: idToken({ aud: AUDIENCE }),
      ...everywhere(type),
      id: audience,
    },
    {
      name: 'id-token-jwt-aud',
      why: 'the same with typ JWT',
      token: idToken({ aud: AUDIENCE }, 'JWT'),
      ...everywhere(type),
      id: audience,
    },
    {
      name: 'id-token-urn',
      why: 'an ID token with the audience of the organization',
      token: idToken({ aud: `${URN}${ORG}` }),
      ...everywhere(type),
      id: audience,
    },
    {
      name: 'logout',
      why: 'a back-channel logout token',
      token: token({ header: { typ: 'logout+jwt' }, payload: logout }),
      ...everywhere(type),
    },
    {
      name: 'logout-exp',
      why: 'the same with exp and the audience of the API',
      token: token({ header: { typ: 'logout+jwt' }, payload: { ...logout, aud: AUDIENCE, exp: EXP } }),
      ...everywhere(type),
    },
    {
      name: 'opaque',
      why: 'an opaque token',
      token: 'Xk9_aB3-dE5fG7hI1jK2lM4nO6pQ8rS0tU-vW_xYz12',
      ...everywhere(refused('token_opaque')),
    },
    {
      name: 'personal',
      why: 'a personal access token',
      token: `pat_${'aB3dE5fG'.repeat(4)}`,
      ...everywhere(refused('token_personal')),
    },
    {
      name: 'subject',
      why: 'a subject token',
      token: 'sub_aB3dE5fG7hI9jK1lM3nO5',
      ...everywhere(refused('token_subject')),
    },
  ];
}

function matrix(): Case[] {
  return kinds().flatMap(({ name, why, token, resource, organizationResource, organization, id: asId }) => [
    access(`resource-${name}`, why, token, resource),
    access(`organization-resource-${name}`, why, token, organizationResource, {
      options: ORGANIZATION_RESOURCE,
      requirement: IN_ORG,
    }),
    access(`organization-${name}`, why, token, organization, { options: ORGANIZATION, requirement: IN_ORG }),
    id(`id-${name}`, why, token, asId),
  ]);
}

function organizationIds(): Case[] {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['empty', ''],
    ['array', [ORG]],
    ['number', 1],
    ['object', { id: ORG }],
    ['bool', true],
  ];
  const near = [ORG.toUpperCase(), ORG.slice(0, -1), `${ORG}0`, ` ${ORG}`, `${URN}${ORG}`, '*'];
  const inResource = { options: ORGANIZATION_RESOURCE, requirement: IN_ORG };
  const inOrganization = { options: ORGANIZATION, requirement: IN_ORG };
  const claim = 'organization_id';
  const urn = `${URN}${ORG}`;
  const auds: readonly (readonly [string, unknown, Expect])[] = [
    ['prefix-only', URN, refused('organization_mismatch', 'aud')],
    ['longer', `${urn}0`, refused('organization_mismatch', 'aud')],
    ['shorter', urn.slice(0, -1), refused('organization_mismatch', 'aud')],
    ['upper-case', `${URN}${ORG.toUpperCase()}`, refused('organization_mismatch', 'aud')],
    ['urn-upper-case', urn.toUpperCase(), audience],
    ['bare-id', ORG, audience],
    ['list-of-one', [urn], accepted({ organizationId: ORG })],
    ['list-with-other', [urn, `${URN}${OTHER_ORG}`], refused('organization_mismatch', 'aud')],
    ['list-with-resource', [urn, AUDIENCE], audience],
    ['missing', undefined, refused('claim_missing', 'aud')],
    ['null', null, refused('claim_invalid', 'aud')],
  ];
  return [
    ...wrong.flatMap(([name, value]) => [
      access(
        `id-form-resource-${name}`,
        `organization_id is ${JSON.stringify(value)}`,
        withClaims({ [claim]: value }),
        refused('claim_invalid', claim),
      ),
      access(
        `id-form-organization-resource-${name}`,
        `organization_id is ${JSON.stringify(value)}`,
        withClaims({ [claim]: value }),
        refused('claim_invalid', claim),
        inResource,
      ),
      access(
        `id-form-organization-${name}`,
        `organization_id is ${JSON.stringify(value)}`,
        withClaims({ aud: urn, [claim]: value }),
        refused('claim_invalid', claim),
        inOrganization,
      ),
    ]),
    ...near.map((value, i) =>
      access(
        `id-near-${i}`,
        `organization_id is ${JSON.stringify(value)}`,
        withClaims({ [claim]: value }),
        refused('organization_mismatch', claim),
        inResource,
      ),
    ),
    ...auds.map(([name, aud, expect]) =>
      access(`urn-${name}`, `aud is ${JSON.stringify(aud) ?? 'absent'}`, withClaims({ aud }), expect, inOrganization),
    ),
    access(
      'urn-and-id',
      'an organization token with organization_id, too',
      withClaims({ aud: urn, [claim]: ORG }),
      refused('organization_unexpected', claim),
      inOrganization,
    ),
    access(
      'organization-scopes',
      'scopes of the organization suffice',
      withClaims({ [claim]: ORG, scope: 'delete:posts' }),
      accepted({ organizationId: ORG }),
      {
        ...inResource,
        requirement: { ...IN_ORG, scopes: 'delete:posts' },
      },
    ),
    access(
      'organization-scopes-lacking',
      'or do not',
      withClaims({ [claim]: ORG, scope: 'read:posts' }),
      { code: 'scope_insufficient', missing: ['delete:posts'] },
      {
        ...inResource,
        requirement: { ...IN_ORG, scopes: 'delete:posts' },
      },
    ),
    access(
      'union-of-organizations',
      'scopes of all organizations and no organization: not for an organization',
      withClaims({ scope: 'read:posts delete:posts' }),
      refused('organization_missing', claim),
      {
        ...inResource,
        requirement: { ...IN_ORG, scopes: 'delete:posts' },
      },
    ),
    access(
      'organization-prefix-of-other',
      'the required one begins like that of the token',
      withClaims({ [claim]: ORG }),
      refused('organization_mismatch', claim),
      {
        ...inResource,
        requirement: { organization: ORG.slice(0, 5) },
      },
    ),
  ];
}

export const models = (): Case[] => [...matrix(), ...organizationIds()];
