/** Every kind of token against the claim matrix of a Logto tenant. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BLOG_API, BLOG_ORGANIZATION_API, OTHER_API, organizationUrn, TUTORIAL } from '../src/index.ts';
import { startIssuer, verified } from './support.ts';

const { users, organizations, applications } = TUTORIAL;

describe('tokens of the default tenant', async () => {
  const { issuer, flows } = await startIssuer();
  const resources = [BLOG_API, BLOG_ORGANIZATION_API];

  const assertAccessToken = async (token: string, expected: Record<string, unknown>, claims: string[]) => {
    const { header, payload } = await verified(issuer, token);
    assert.deepEqual(header, { alg: 'ES384', typ: 'at+jwt', kid: issuer.keyIds[0] });
    assert.deepEqual(Object.keys(payload), claims, 'claims in order');
    assert.equal(payload.iss, issuer.issuer);
    assert.equal(typeof payload.aud, 'string');
    assert.match(String(payload.jti), /^[\w-]{21}$/);
    assert.equal(Number(payload.exp) - Number(payload.iat), 3600);
    for (const [name, value] of Object.entries(expected)) {
      assert.deepEqual(payload[name], value, name);
    }
  };
  const order = ['jti', 'sub', 'iat', 'exp', 'scope', 'client_id', 'iss', 'aud'];
  const withoutScope = order.filter((name) => name !== 'scope');

  for (const [username, scope] of [
    ['viewer', 'read:posts'],
    ['editor', 'read:posts write:posts'],
    ['admin', 'read:posts write:posts delete:posts admin:all'],
    ['outsider', ''],
  ] as const) {
    it(`gives the ${username} an API token with scope "${scope}"`, async () => {
      const session = await flows.signIn({ username, resources });
      const expected = { sub: users[username], scope, client_id: applications.web, aud: BLOG_API };
      await assertAccessToken(await session.accessToken(BLOG_API), expected, order);
    });
  }

  it('gives the union of all organizations when no organization is asked for', async () => {
    const session = await flows.signIn({ username: 'admin', resources });
    const expected = { aud: BLOG_ORGANIZATION_API, scope: 'read:posts write:posts delete:posts admin:all' };
    await assertAccessToken(await session.accessToken(BLOG_ORGANIZATION_API), expected, order);
  });

  it("gives one organization's permissions with organization_id", async () => {
    const session = await flows.signIn({ username: 'admin', resources });
    const token = await session.accessToken(BLOG_ORGANIZATION_API, organizations.globex);
    const expected = { organization_id: organizations.globex, aud: BLOG_ORGANIZATION_API, scope: 'read:posts' };
    await assertAccessToken(token, expected, ['organization_id', ...order]);
  });

  it('gives an organization token whose organization is in the audience only', async () => {
    const session = await flows.signIn({ username: 'admin', resources, scopes: ['invite:member'] });
    const expected = { aud: organizationUrn(organizations.acme), scope: 'invite:member' };
    await assertAccessToken(await session.organizationToken(organizations.acme), expected, order);
  });

  it('gives an organization token an empty scope when no organization permission was asked for', async () => {
    const session = await flows.signIn({ username: 'viewer', resources, scopes: [] });
    const expected = { aud: organizationUrn(organizations.acme), scope: '' };
    await assertAccessToken(await session.organizationToken(organizations.acme), expected, order);
  });

  it('gives a machine a token whose sub is its client_id, scope only when asked for', async () => {
    const expected = { sub: applications.machine, client_id: applications.machine, aud: BLOG_API };
    const scoped = await flows.machineToken({ resource: BLOG_API, scopes: ['read:posts', 'delete:posts'] });
    await assertAccessToken(scoped, { ...expected, scope: 'read:posts' }, order);
    await assertAccessToken(await flows.machineToken({ resource: BLOG_API }), expected, withoutScope);
  });

  it('gives a machine organization tokens of both kinds', async () => {
    const organizationId = organizations.acme;
    const scopes = ['read:posts', 'write:posts', 'read:member'];
    const forResource = await flows.machineToken({ resource: BLOG_ORGANIZATION_API, organizationId, scopes });
    await assertAccessToken(forResource, { organization_id: organizationId, scope: 'read:posts' }, [
      'organization_id',
      ...order,
    ]);
    const expected = { aud: organizationUrn(organizationId), scope: 'read:member' };
    await assertAccessToken(await flows.machineToken({ organizationId, scopes }), expected, order);
  });

  it('gives an opaque token of 43 characters when no resource is asked for', async () => {
    const session = await flows.signIn({ username: 'viewer', resources });
    const token = await session.accessToken();
    assert.match(token, /^[\w-]{43}$/);
    const userinfo = await fetch(`${issuer.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(((await userinfo.json()) as { sub: string }).sub, users.viewer);
  });

  it('gives an ID token without typ and client_id, with roles and organizations', async () => {
    const session = await flows.signIn({ username: 'admin', resources });
    const { header, payload } = await verified(issuer, await session.idToken());
    assert.deepEqual(header, { alg: 'ES384', kid: issuer.keyIds[0] });
    const { sub, aud, iss, roles, organizations: member, organization_roles } = payload;
    assert.deepEqual([sub, aud, iss], [users.admin, applications.web, issuer.issuer]);
    assert.deepEqual(roles, ['admin']);
    assert.deepEqual(member, [organizations.acme, organizations.globex]);
    assert.deepEqual(organization_roles, [`${organizations.acme}:admin`, `${organizations.globex}:member`]);
    for (const absent of ['client_id', 'scope', 'jti', 'at_hash']) {
      assert.equal(payload[absent], undefined, absent);
    }
  });

  it('reads roles again at each refresh but never adds what was not granted at sign-in', async () => {
    const session = await flows.signIn({ username: 'editor', resources, scopes: ['read:posts', 'write:posts'] });
    const editor = issuer.tenant.user(users.editor);
    assert.ok(editor);
    const { roles } = editor;
    const scopeNow = async () => {
      await session.forgetAccessTokens();
      return (await verified(issuer, await session.accessToken(BLOG_API))).payload.scope;
    };
    editor.roles = ['viewer'];
    assert.equal(await scopeNow(), 'read:posts');
    editor.roles = ['admin'];
    assert.equal(await scopeNow(), 'read:posts write:posts');
    editor.roles = roles ?? [];
  });

  it('refuses what Logto refuses', async () => {
    const session = await flows.signIn({ username: 'viewer', resources });
    await assert.rejects(session.accessToken(BLOG_ORGANIZATION_API, organizations.globex), {
      code: 'access_denied',
      status: 403,
    });
    await assert.rejects(session.accessToken(OTHER_API), { code: 'invalid_target' });
    await assert.rejects(flows.machineToken({ resource: 'https://unknown.example' }), { code: 'invalid_target' });
    await assert.rejects(flows.machineToken(), { code: 'invalid_target' });
    const outside = { organizationId: organizations.globex };
    await assert.rejects(flows.machineToken(outside), { code: 'access_denied', status: 403 });
    await assert.rejects(flows.machineToken({ applicationSecret: 'wrong' }), { code: 'invalid_client', status: 401 });
    await assert.rejects(flows.signIn({ username: 'nobody' }), /status 422/);
    const alone = await flows.signIn({ username: 'viewer', resources, organizations: false });
    const ask = alone.accessToken(BLOG_ORGANIZATION_API, organizations.acme);
    await assert.rejects(ask, { code: 'insufficient_scope', status: 403 });
  });

  it('words refusals as Logto does', async () => {
    const response = await fetch(`${issuer.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: applications.web, refresh_token: 'x' }),
    });
    const { code, error, message } = (await response.json()) as Record<string, string>;
    assert.deepEqual([response.status, code, error], [400, 'oidc.invalid_grant', 'invalid_grant']);
    assert.equal(typeof message, 'string');
  });
});

describe('settings that shape tokens', async () => {
  const { issuer, flows } = await startIssuer({
    idTokenType: 'JWT',
    customDomains: ['localhost'],
    customClaims: ({ userId, clientId }) => ({ plan: userId ?? clientId, iss: 'https://elsewhere.example' }),
  });

  it('takes lifetimes of zero and less', async () => {
    const session = await flows.signIn({ username: 'viewer', resources: [BLOG_API] });
    for (const seconds of [0, -60, 5]) {
      issuer.setAccessTokenTtl(BLOG_API, seconds);
      const machine = await flows.machineToken({ resource: BLOG_API });
      await session.forgetAccessTokens();
      for (const token of [machine, await session.accessToken(BLOG_API)]) {
        const { payload } = await verified(issuer, token);
        assert.equal(Number(payload.exp) - Number(payload.iat), seconds);
      }
    }
    issuer.setAccessTokenTtl(BLOG_API, 3600);
    assert.throws(() => issuer.setAccessTokenTtl('https://unknown.example', 1), /unknown API resource/);
  });

  it('lets custom claims add members but not replace registered ones', async () => {
    const { payload } = await verified(issuer, await flows.machineToken({ resource: BLOG_API }));
    assert.equal(payload.plan, applications.machine);
    assert.equal(payload.iss, issuer.issuer);
  });

  it('issues for a custom domain under its own issuer with the same keys', async () => {
    const port = new URL(issuer.endpoint).port;
    const response = await fetch(`http://localhost:${port}/oidc/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${applications.machine}:${TUTORIAL.machineSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: BLOG_API }),
    });
    const { access_token } = (await response.json()) as { access_token: string };
    const { payload } = await verified(issuer, access_token);
    assert.equal(payload.iss, `http://localhost:${port}/oidc`);
    assert.deepEqual(issuer.issuers, [issuer.issuer, payload.iss]);
  });

  it('writes the ID token header of older releases when told to', async () => {
    const session = await flows.signIn({ username: 'viewer' });
    assert.equal((await verified(issuer, await session.idToken())).header.typ, 'JWT');
  });
});
