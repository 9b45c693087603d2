import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type AccessToken, type AsyncVerifier, createVerifier, ScopegateError } from 'scopegate';
import { type RequireAuthOptions, requireAuth } from 'scopegate/express';
import { AUDIENCE, accessToken, Clock, ENDPOINT, jwks } from './support/tenant.ts';

/** A guard takes any verifier: one that somebody made for a test, or that wraps another. */

const verifier = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: new Clock().now });
const authorization = `Bearer ${await accessToken()}`;
const token = await verifier.authenticate({ headers: { authorization } });

type Authenticate = (request: unknown, requirement: Record<string, unknown>) => unknown;

function foreign(authenticate: Authenticate): AsyncVerifier {
  const requireScopes = verifier.requireScopes.bind(verifier);
  const members = { permissionModel: 'resource', authenticate, challenge: () => null, requireScopes };
  return Object.assign(Object.create(verifier), members);
}

/** What comes of a request: its token, `'anonymous'`, the status it was answered with, or the error for `next`. */
function outcome(
  authenticate: Authenticate,
  headers: { authorization?: string } = { authorization },
  options: RequireAuthOptions = {},
): Promise<unknown> {
  return new Promise((resolve) => {
    const request = { method: 'GET', headers } as { method: string; headers: typeof headers; auth?: AccessToken };
    const response = {
      set statusCode(status: number) {
        resolve(status);
      },
      setHeader: () => undefined,
      end: () => undefined,
    };
    requireAuth(foreign(authenticate), options)(request, response as never, (error) => {
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
  const careless: Authenticate = (_, requirement) => {
    seen.push(requirement.scopes);
    Reflect.deleteProperty(requirement, 'scopes');
    return Promise.resolve(token);
  };
  const middleware = requireAuth(foreign(careless), { scopes: 'read:posts' });
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => middleware({ method: 'GET', headers: { authorization } }, {} as never, resolve));
  }
  assert.deepEqual(seen, ['read:posts', 'read:posts']);
});
