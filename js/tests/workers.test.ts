import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createVerifier } from 'scopegate';
import { requireAuth, requireScopes } from 'scopegate/workers';
import { refusal } from './support/refusal.ts';
import { AUDIENCE, accessToken, Clock, ENDPOINT, jwks, KeyServer } from './support/tenant.ts';

const options = { endpoint: ENDPOINT, audience: AUDIENCE } as const;
const verifier = createVerifier({ ...options, jwks, clock: new Clock().now });
const URL = 'https://api.yourapp.com/posts';

const request = async (claims = {}, init: RequestInit = {}): Promise<Request> => {
  return new Request(URL, { ...init, headers: { authorization: `Bearer ${await accessToken({ claims })}` } });
};

describe('requireAuth for Fetch handlers', () => {
  it('hands over the token and whatever the host gives', async () => {
    const handler = requireAuth(
      verifier,
      (_request, auth, env: { name: string }) => new Response(env.name + auth.subject),
    );
    assert.equal(await (await handler(await request(), { name: 'x' })).text(), 'xw2k7dq3hz9ab');
  });

  it('refuses by itself', async () => {
    const handler = requireAuth(verifier, () => assert.fail('reached'), { scopes: 'delete:posts', realm: 'blog' });
    const anonymous = await handler(new Request(URL));
    assert.equal(anonymous.status, 401);
    assert.equal(anonymous.headers.get('www-authenticate'), 'Bearer realm="blog", scope="delete:posts"');
    assert.equal(anonymous.headers.get('cache-control'), 'no-store');
    const lacking = await handler(await request());
    assert.equal(lacking.status, 403);
    const { error_description, ...body } = (await lacking.json()) as Record<string, unknown>;
    assert.equal(typeof error_description, 'string');
    assert.deepEqual(body, { error: 'insufficient_scope', code: 'scope_insufficient', missing: ['delete:posts'] });
    const head = await handler(new Request(URL, { method: 'HEAD' }));
    assert.deepEqual([head.status, head.body], [401, null]);
  });

  it('lets the anonymous pass where that is allowed, but no bad token', async () => {
    const handler = requireAuth(verifier, (_request, auth) => new Response(auth?.subject ?? 'anonymous'), {
      optional: true,
    });
    assert.equal(await (await handler(new Request(URL))).text(), 'anonymous');
    assert.equal((await handler(await request({ exp: 1 }))).status, 401);
  });

  it('takes the organization from the request', async () => {
    const organizations = createVerifier({
      ...options,
      jwks,
      clock: new Clock().now,
      permissionModel: 'organization-resource',
    });
    const handler = requireAuth(organizations, (_request, auth) => new Response(auth.organizationId), {
      organization: ({ headers }) => headers.get('x-organization'),
    });
    const member = await request({ organization_id: 'org1' });
    assert.equal((await handler(member)).status, 400);
    member.headers.set('x-organization', 'org2');
    assert.equal((await handler(member)).status, 403);
    member.headers.set('x-organization', 'org1');
    assert.equal(await (await handler(member)).text(), 'org1');
  });

  it('keeps background refreshes alive through the context', async () => {
    const server = new KeyServer();
    const clock = new Clock();
    const remote = createVerifier({ ...options, clock: clock.now, fetch: server.fetch });
    const handler = requireAuth(remote, (_request, _auth, _env: unknown, _ctx: unknown) => new Response());
    const kept: Promise<unknown>[] = [];
    const ctx = { waitUntil: (promise: Promise<unknown>) => kept.push(promise) };
    await handler(await request(), {}, ctx);
    clock.advance(601);
    await handler(await request(), {}, ctx);
    assert.equal(kept.length, 2);
    await Promise.all(kept);
    assert.equal(server.requests.length, 2);
  });

  it('answers preflights as it is told', async () => {
    const handler = () => assert.fail('reached');
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
    const preflight = new Request(URL, { method: 'OPTIONS', headers });
    assert.equal((await requireAuth(verifier, handler)(preflight)).status, 401);
    const cors = requireAuth(verifier, handler, { preflight: () => new Response(null, { status: 204 }) });
    assert.equal((await cors(preflight)).status, 204);
    assert.equal((await cors(new Request(URL, { method: 'OPTIONS' }))).status, 401);
  });

  it('leaves errors of the handler alone', async () => {
    const failing = requireAuth(verifier, () => Promise.reject(new Error('mine')));
    await assert.rejects(async () => failing(await request()), { message: 'mine' });
  });
});

describe('requireScopes for Fetch handlers', () => {
  const inner = requireScopes('delete:posts', () => new Response('deleted'));

  it('demands further scopes', async () => {
    const handler = requireAuth(verifier, inner);
    const reply = await handler(await request());
    assert.equal(reply.status, 403);
    assert.match(reply.headers.get('www-authenticate') ?? '', /scope="delete:posts"$/);
    assert.equal(await (await handler(await request({ scope: 'delete:posts' }))).text(), 'deleted');
  });

  it('answers 401 to the anonymous', async () => {
    const handler = requireAuth(verifier, inner, { optional: true });
    assert.equal((await handler(new Request(URL))).status, 401);
  });

  it('needs requireAuth', async () => {
    await refusal('config_invalid', async () => inner(await request(), await verifier.verify(await accessToken())));
  });
});
