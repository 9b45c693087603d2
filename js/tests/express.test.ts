import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import express5 from 'express';
import { allOf, anyOf, createVerifier, type ErrorCode } from 'scopegate';
import { requireAuth, requireScopes } from 'scopegate/express';
import { ask, askRaw, listen, type Reply } from './support/http.ts';
import { refusal } from './support/refusal.ts';
import { AUDIENCE, accessToken, Clock, ENDPOINT, idToken, jwks, START } from './support/tenant.ts';

const { default: express4 } = (await import('express4' as string)) as { default: typeof express5 };

const clock = new Clock().now;
const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock } as const;
const verifier = createVerifier({ ...options, jwks });
const organizations = createVerifier({ ...options, jwks, permissionModel: 'organization-resource' });
const outage = createVerifier({ ...options, fetch: () => Promise.reject(new Error('down')) });

const METADATA = 'https://api.yourapp.com/.well-known/oauth-protected-resource';

function api(express: typeof express5): express5.Express {
  const app = express();
  const subject: express5.RequestHandler = (request, response) => {
    response.json({ subject: request.auth?.subject ?? null });
  };
  app.get(
    '/posts',
    requireAuth(verifier, { scopes: 'read:posts', realm: 'blog', resourceMetadata: METADATA }),
    subject,
  );
  app.use('/any', requireAuth(verifier));
  app.post('/any', requireScopes('write:posts'), subject);
  app.delete('/any', requireScopes('write:posts', anyOf('delete:posts', allOf('admin:posts', 'admin:all'))), subject);
  app.all('/any', subject);
  app.get('/optional', requireAuth(verifier, { optional: true }), subject);
  app.get('/optional/scoped', requireAuth(verifier, { optional: true }), requireScopes('read:posts'), subject);
  app.get('/forgotten', requireScopes('read:posts'), subject);
  app.get('/outage', requireAuth(outage), subject);
  app.get(
    '/organizations/:id',
    requireAuth(organizations, { organization: ({ params }) => params.id, scopes: 'read:posts' }),
    subject,
  );
  app.get(
    '/by-header',
    requireAuth(organizations, { organization: async ({ headers }) => headers['x-organization'] }),
    subject,
  );
  app.get('/fixed', requireAuth(organizations, { organization: 'org1' }), subject);
  app.get(
    '/throws',
    requireAuth(organizations, { organization: () => Promise.reject(new Error('no such host')) }),
    subject,
  );
  app.all('/cors', requireAuth(verifier, { preflight: true }), requireScopes('read:posts'), subject);
  const onError = requireAuth(verifier, {
    onError: (error, _request, response) => response.end(`custom ${error.code}`),
  });
  app.get('/custom', onError, subject);
  app.get('/next', requireAuth(verifier, { onError: (error, _request, _response, next) => next(error) }), subject);
  const failing = async (_error: unknown, _request: unknown, response: express5.Response): Promise<void> => {
    await Promise.resolve(response.locals);
    throw new Error('the log is full');
  };
  app.get('/failing', requireAuth(verifier, { onError: failing }), subject);
  app.use(((error, _request, response, _next) => {
    response.status(error.status ?? 500).json({ handled: error.code ?? error.message });
  }) satisfies express5.ErrorRequestHandler);
  return app;
}

for (const [version, express] of [
  ['Express 5', express5],
  ['Express 4', express4],
] as const) {
  describe(version, async () => {
    const server = await listen(api(express));
    after(() => server.close());
    const bearer = async (claims = {}): Promise<Record<string, string>> => ({
      authorization: `Bearer ${await accessToken({ claims })}`,
    });
    const get = (path: string, headers = {}, method = 'GET'): Promise<Reply> => ask(server.url + path, headers, method);
    const expect = (reply: Reply, status: number, code: ErrorCode): void => {
      assert.equal(reply.status, status, reply.body);
      const { error_description, ...body } = JSON.parse(reply.body);
      assert.equal(body.code, code);
      assert.ok(error_description.length > 0);
      assert.equal(reply.headers['content-type'], 'application/json');
      assert.equal(reply.headers['cache-control'], 'no-store');
    };

    it('lets a good token pass, at req.auth', async () => {
      const reply = await get('/posts', await bearer());
      assert.equal(reply.status, 200);
      assert.deepEqual(JSON.parse(reply.body), { subject: 'w2k7dq3hz9ab' });
      assert.equal(reply.headers['www-authenticate'], undefined);
    });

    it('answers 401 without an error code when there is no token', async () => {
      const reply = await get('/posts');
      expect(reply, 401, 'token_missing');
      assert.equal(JSON.parse(reply.body).error, 'token_missing');
      const challenge = `Bearer realm="blog", scope="read:posts", resource_metadata="${METADATA}"`;
      assert.equal(reply.headers['www-authenticate'], challenge);
    });

    it('answers 401 to a bad token, also where scopes lack', async () => {
      const expired = await get('/posts', await bearer({ exp: START / 1000 - 60, scope: '' }));
      expect(expired, 401, 'token_expired');
      assert.equal(JSON.parse(expired.body).error, 'invalid_token');
      assert.match(expired.headers['www-authenticate'] ?? '', /^Bearer realm="blog", error="invalid_token", /);
      expect(
        await get('/posts', { authorization: `Bearer ${await idToken({ aud: AUDIENCE })}` }),
        401,
        'token_type_mismatch',
      );
    });

    it('answers 403 where scopes lack, and names them', async () => {
      const reply = await get('/posts', await bearer({ scope: 'other' }));
      expect(reply, 403, 'scope_insufficient');
      assert.deepEqual(JSON.parse(reply.body).missing, ['read:posts']);
      assert.match(
        reply.headers['www-authenticate'] ?? '',
        /error="insufficient_scope".*scope="read:posts".*resource_metadata/,
      );
    });

    it('answers 400 to malformed credentials and to two of them', async () => {
      const { authorization } = await bearer();
      const reply = await get('/posts', { authorization: `${authorization} x` });
      expect(reply, 400, 'request_invalid');
      assert.match(reply.headers['www-authenticate'] ?? '', /error="invalid_request"/);
      const twice = `Authorization: ${authorization}\r\n`.repeat(2);
      const status = await askRaw(server.port, `GET /posts HTTP/1.1\r\nHost: x\r\n${twice}\r\n`);
      assert.equal(status, 'HTTP/1.1 400 Bad Request');
    });

    it('answers 503 with Retry-After when the keys cannot be loaded', async () => {
      const reply = await get('/outage', await bearer());
      expect(reply, 503, 'keys_unavailable');
      assert.match(reply.headers['retry-after'] ?? '', /^[1-9]\d*$/);
      assert.equal(reply.headers['www-authenticate'], undefined);
      expect(await get('/outage'), 401, 'token_missing');
    });

    it('demands further scopes by route', async () => {
      assert.equal((await get('/any', await bearer({ scope: '' }))).status, 200);
      assert.equal((await get('/any', await bearer(), 'POST')).status, 200);
      const reply = await get('/any', await bearer(), 'DELETE');
      expect(reply, 403, 'scope_insufficient');
      assert.deepEqual(JSON.parse(reply.body).missing, ['delete:posts']);
      assert.equal((await get('/any', await bearer({ scope: 'write:posts delete:posts' }), 'DELETE')).status, 200);
    });

    it('lets the anonymous pass where that is allowed, but no bad token', async () => {
      assert.deepEqual(JSON.parse((await get('/optional')).body), { subject: null });
      assert.deepEqual(JSON.parse((await get('/optional', await bearer())).body), { subject: 'w2k7dq3hz9ab' });
      expect(await get('/optional', await bearer({ exp: 1 })), 401, 'token_expired');
      expect(await get('/optional', { authorization: 'Bearer' }), 400, 'request_invalid');
      assert.equal((await get('/optional', { authorization: 'Basic dXNlcjpwYXNz' })).status, 200);
      const scoped = await get('/optional/scoped');
      expect(scoped, 401, 'token_missing');
      assert.equal(scoped.headers['www-authenticate'], 'Bearer scope="read:posts"');
      assert.equal((await get('/optional/scoped', await bearer())).status, 200);
    });

    it('takes the organization from the request', async () => {
      const member = await bearer({ organization_id: 'org1' });
      assert.equal((await get('/organizations/org1', member)).status, 200);
      expect(await get('/organizations/org2', member), 403, 'organization_mismatch');
      expect(await get('/organizations/org1', await bearer()), 401, 'organization_missing');
      assert.equal((await get('/by-header', { ...member, 'x-organization': 'org1' })).status, 200);
      expect(await get('/by-header', member), 400, 'request_invalid');
      expect(await get('/by-header'), 401, 'token_missing');
      assert.equal((await get('/fixed', member)).status, 200);
    });

    it('passes faults of the server on to its error handler', async () => {
      const member = await bearer({ organization_id: 'org1' });
      assert.deepEqual(JSON.parse((await get('/throws', member)).body), { handled: 'no such host' });
      const forgotten = await get('/forgotten', member);
      assert.equal(forgotten.status, 500);
      assert.deepEqual(JSON.parse(forgotten.body), { handled: 'config_invalid' });
    });

    it('lets the server finish the answer', async () => {
      const custom = await get('/custom');
      assert.deepEqual([custom.status, custom.body], [401, 'custom token_missing']);
      assert.equal(custom.headers['www-authenticate'], 'Bearer');
      const next = await get('/next');
      assert.deepEqual([next.status, JSON.parse(next.body)], [401, { handled: 'token_missing' }]);
      assert.equal(next.headers['www-authenticate'], 'Bearer');
    });

    it('answers HEAD like GET, without a body', async () => {
      const reply = await get('/posts', {}, 'HEAD');
      assert.deepEqual([reply.status, reply.body], [401, '']);
      assert.match(reply.headers['www-authenticate'] ?? '', /^Bearer realm/);
      assert.equal((await get('/posts', await bearer(), 'HEAD')).status, 200);
    });

    it('hands on what a promise of onError rejects with', async () => {
      const { status, body } = await get('/failing');
      assert.deepEqual([status, JSON.parse(body)], [500, { handled: 'the log is full' }]);
    });

    it('lets preflights pass only where that is allowed', async () => {
      const preflight = { origin: 'https://app.example', 'access-control-request-method': 'DELETE' };
      assert.deepEqual(JSON.parse((await get('/cors', preflight, 'OPTIONS')).body), { subject: null });
      expect(await get('/any', preflight, 'OPTIONS'), 401, 'token_missing');
      expect(await get('/cors', {}, 'OPTIONS'), 401, 'token_missing');
      expect(await get('/cors', preflight, 'GET'), 401, 'token_missing');
      expect(await get('/cors', { ...preflight, authorization: 'Bearer x' }, 'OPTIONS'), 401, 'token_malformed');
    });
  });
}

describe('requireAuth', () => {
  it('refuses options that are wrong, when it is made', async () => {
    const bad = [
      { scopes: [] },
      { scopes: '' },
      { scopes: undefined },
      { scope: 'read:posts' },
      { organization: undefined },
      { realm: '' },
      { realm: 'a\r\nb' },
      { realm: 1 },
      { resourceMetadata: '/.well-known/oauth-protected-resource' },
      { resourceMetadata: 'https://x/"y' },
      { optional: undefined },
    ];
    for (const wrong of bad) await refusal('config_invalid', () => requireAuth(verifier, wrong as object));
    await refusal('config_invalid', () => requireAuth(verifier, { organization: 'org1' } as object));
    await refusal('config_invalid', () => requireAuth(organizations as unknown as typeof verifier));
  });
});
