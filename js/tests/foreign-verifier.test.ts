import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type AccessToken, type AsyncVerifier, createVerifier, ScopegateError } from 'scopegate';
import { type RequireAuthOptions, requireAuth } from 'scopegate/express';
import { AUDIENCE, accessToken, Clock, ENDPOINT, jwks } from './support/tenant.ts';

/** A guard takes any verifier: one that somebody made for a test, or that wraps another. */

const verifier = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: new Clock().now });
const authorization = `Bearer ${await accessToken()}`;
const token = await verifier.authenticate({ headers: { authorization } });

/** What comes of a request: its token, `'anonymous'`, the status it was answered with, or the error for `next`. */
function outcome(
  authenticate: (request: unknown, requirement: Record<string, unknown>) => unknown,
  headers: { authorization?: string } = { authorization },
  options: RequireAuthOptions = {},
): Promise<unknown> {
  const foreign = Object.assign(Object.create(verifier), {
    permissionModel: 'resource',
    authenticate,
    challenge: () => null,
    requireScopes: verifier.requireScopes.bind(verifier),
  }) as AsyncVerifier;
  return new Promise((resolve) => {
    const request = { method: 'GET', headers } as { method: string; headers: typeof headers; auth?: AccessToken };
    const response = {
      set statusCode(status: number) {
        resolve(status);
      },
      setHeader: () => undefined,
      end: () => undefined,
    };
    requireAuth(foreign, options)(request, response as never, (error) => {
      resolve(error ?? request.auth ?? 'anonymous');
    });
  });
}

const missing = (): never => {
  const fields = { code: 'token_missing', status: 401, oauthError: null, message: 'none', hint: '' } as const;
  throw new ScopegateError(fields);
};

it('may answer without a promise', async () => {
  for (const optional of [false, true]) assert.equal(await outcome(() => token, undefined, { optional }), token);
});

it('may refuse without a promise', async () => {
  assert.equal(await outcome(missing), 401);
  assert.equal(await outcome(missing, undefined, { optional: true }), 'anonymous');
});

it('is not asked about requests without credentials', async () => {
  assert.equal(await outcome(() => token, {}), 401);
  assert.equal(await outcome(() => token, {}, { optional: true }), 'anonymous');
});

it('cannot change what later requests need', async () => {
  const seen: unknown[] = [];
  const careless = (_: unknown, requirement: Record<string, unknown>) => {
    seen.push(requirement.scopes);
    Reflect.deleteProperty(requirement, 'scopes');
    return Promise.resolve(token);
  };
  const guard = { scopes: 'read:posts' };
  const foreign = Object.assign(Object.create(verifier), {
    permissionModel: 'resource',
    authenticate: careless,
    requireScopes: verifier.requireScopes.bind(verifier),
  }) as AsyncVerifier;
  const middleware = requireAuth(foreign, guard);
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => middleware({ method: 'GET', headers: { authorization } }, {} as never, resolve));
  }
  assert.deepEqual(seen, ['read:posts', 'read:posts']);
});

it('gets tokens whose scopes nobody can reach', () => {
  const made = token.scopes.constructor as unknown as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(made)) {
    const member = made[name];
    if (typeof member === 'function')
      assert.notEqual(typeof Reflect.apply(member, made, [token.scopes]), 'object', name);
  }
  assert.ok(!token.scopes.has('admin:all'));
});
