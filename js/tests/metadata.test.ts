import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createVerifier,
  protectedResourceMetadata,
  protectedResourceMetadataUrl,
  type ResourceMetadataOptions,
} from 'scopegate';
import { metadataHandler } from 'scopegate/workers';
import { refusal } from './support/refusal.ts';
import { AUDIENCE, ENDPOINT, ISSUER } from './support/tenant.ts';

const minimal = { endpoint: ENDPOINT, resource: AUDIENCE } as const;

describe('protectedResourceMetadata', () => {
  it('names the resource and its issuer', () => {
    const expected = { resource: AUDIENCE, authorization_servers: [ISSUER], bearer_methods_supported: ['header'] };
    assert.deepEqual(protectedResourceMetadata(minimal), expected);
    assert.deepEqual(protectedResourceMetadata({ ...minimal, endpoint: `${ENDPOINT}/` }), expected);
    assert.deepEqual(protectedResourceMetadata({ resource: AUDIENCE, issuer: ISSUER }), expected);
  });

  it('says all that it is told, under the names of RFC 9728 §2', () => {
    const issuer = [ISSUER, 'https://auth.yourapp.com/oidc'];
    const texts = {
      name: 'Blog',
      documentation: 'https://yourapp.com/docs',
      policy: 'https://yourapp.com/policy',
      terms: 'https://yourapp.com/terms',
    };
    assert.deepEqual(protectedResourceMetadata({ resource: AUDIENCE, issuer, scopes: ['read:posts'], ...texts }), {
      resource: AUDIENCE,
      authorization_servers: issuer,
      bearer_methods_supported: ['header'],
      scopes_supported: ['read:posts'],
      resource_name: texts.name,
      resource_documentation: texts.documentation,
      resource_policy_uri: texts.policy,
      resource_tos_uri: texts.terms,
    });
  });

  it('leaves out an empty list of scopes (RFC 9728 §3.2)', () => {
    assert.ok(!('scopes_supported' in protectedResourceMetadata({ ...minimal, scopes: [] })));
  });

  const tenant = 'https://tenant.logto.app';
  const addresses: [option: 'endpoint' | 'issuer', address: unknown, good: boolean][] = [
    ['endpoint', tenant, true],
    ['endpoint', `${tenant}/`, true],
    ['endpoint', `${tenant}/auth`, true],
    ['endpoint', 'http://localhost:3001', true],
    ['endpoint', 'http://127.0.0.1', true],
    ['endpoint', 'http://[::1]:3001', true],
    ['endpoint', `${tenant}//`, false],
    ['endpoint', `${tenant}/oidc`, false],
    ['endpoint', `${tenant}/oidc/`, false],
    ['endpoint', `${tenant}?x=1`, false],
    ['endpoint', `${tenant}#x`, false],
    ['endpoint', 'https://', false],
    ['endpoint', 'https://user@tenant.logto.app', false],
    ['endpoint', 'http://127.0.0.1.evil.com', false],
    ['endpoint', '', false],
    ['endpoint', 5, false],
    ['issuer', `${tenant}/oidc`, true],
    ['issuer', [`${tenant}/oidc`, 'https://auth.example/oidc'], true],
    ['issuer', `${tenant}/oidc/`, false],
    ['issuer', `${tenant}/oidc?x=1`, false],
    ['issuer', `${tenant}/oidc#x`, false],
    ['issuer', ` ${tenant}/oidc`, false],
    ['issuer', `${tenant}\\oidc`, false],
    ['issuer', [`${tenant}/oidc`, ''], false],
    ['issuer', [], false],
    ['issuer', '', false],
  ];
  for (const [option, address, good] of addresses) {
    it(`${good ? 'takes' : 'refuses'} the ${option} ${JSON.stringify(address)}, as createVerifier does`, async () => {
      for (const make of [
        () => protectedResourceMetadata({ resource: AUDIENCE, [option]: address } as ResourceMetadataOptions),
        () => createVerifier({ audience: AUDIENCE, [option]: address } as never),
      ]) {
        if (good) make();
        else await refusal('config_invalid', make);
      }
    });
  }

  it('cannot be changed afterwards', () => {
    const scopes = ['read:posts'];
    const metadata = protectedResourceMetadata({ ...minimal, scopes });
    scopes.push('admin:all');
    assert.deepEqual(metadata.scopes_supported, ['read:posts']);
    assert.ok(Object.isFrozen(metadata) && Object.isFrozen(metadata.scopes_supported));
  });

  it('refuses what clients could not use', async () => {
    const bad: object[] = [
      { resource: AUDIENCE },
      { ...minimal, issuer: ISSUER },
      { ...minimal, endpoint: 'http://tenant.logto.app' },
      { ...minimal, endpoint: 'tenant.logto.app' },
      { issuer: [], resource: AUDIENCE },
      { endpoint: ENDPOINT },
      { ...minimal, resource: 'urn:api' },
      { ...minimal, resource: 'http://api.yourapp.com' },
      { ...minimal, resource: 'http://127.0.0.1.evil.com' },
      { ...minimal, resource: 'http://localhost@evil.com' },
      { ...minimal, resource: `${AUDIENCE}#x` },
      { ...minimal, resource: `${AUDIENCE}/a b` },
      { ...minimal, scopes: 'read:posts' },
      { ...minimal, scopes: ['read posts'] },
      { ...minimal, scopes: undefined },
      { ...minimal, name: '' },
      { ...minimal, documentation: '/docs' },
      { ...minimal, audience: AUDIENCE },
      Object.create(minimal),
    ];
    for (const options of bad) {
      await refusal('config_invalid', () => protectedResourceMetadata(options as ResourceMetadataOptions));
    }
  });
});

describe('protectedResourceMetadataUrl', () => {
  // RFC 9728 §3.1: between host and path, without a slash that ends the host.
  for (const [resource, expected] of [
    ['https://api.example', 'https://api.example/.well-known/oauth-protected-resource'],
    ['https://api.example/', 'https://api.example/.well-known/oauth-protected-resource'],
    ['https://api.example:8443/v1', 'https://api.example:8443/.well-known/oauth-protected-resource/v1'],
    ['https://api.example/v1/', 'https://api.example/.well-known/oauth-protected-resource/v1/'],
    ['https://api.example/v1?k=v', 'https://api.example/.well-known/oauth-protected-resource/v1?k=v'],
    ['https://api.example/?k=v', 'https://api.example/.well-known/oauth-protected-resource?k=v'],
    ['http://localhost:3000/mcp', 'http://localhost:3000/.well-known/oauth-protected-resource/mcp'],
  ] as const) {
    it(resource, () => assert.equal(protectedResourceMetadataUrl(resource), expected));
  }

  it('refuses what is no address', async () => {
    for (const resource of ['', 'api.example', 'ftp://api.example', undefined]) {
      await refusal('config_invalid', () => protectedResourceMetadataUrl(resource as string));
    }
  });
});

describe('metadataHandler', () => {
  const handler = metadataHandler(protectedResourceMetadata(minimal));
  const ask = (method: string): Response => handler(new Request(protectedResourceMetadataUrl(AUDIENCE), { method }));

  it('lets pages of any origin read it', async () => {
    const reply = ask('GET');
    assert.equal(reply.headers.get('access-control-allow-origin'), '*');
    assert.deepEqual(await reply.json(), protectedResourceMetadata(minimal));
    assert.deepEqual([ask('HEAD').status, ask('HEAD').body], [200, null]);
  });

  it('answers preflights, also those that announce a header of MCP', () => {
    const { status, headers } = ask('OPTIONS');
    assert.equal(status, 204);
    assert.equal(headers.get('access-control-allow-origin'), '*');
    assert.equal(headers.get('access-control-allow-headers'), '*');
    assert.equal(headers.get('access-control-allow-methods'), 'GET, HEAD');
  });

  it('knows no other methods', () => {
    assert.deepEqual([ask('POST').status, ask('POST').headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
  });
});
