import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as claims from 'scopegate/claims';

const API = 'https://api.yourapp.com';
const IN_TIME = 4_000_000_000;

/** A token that nobody signed: to this module all are alike. */
function token(body: object, header: object = { alg: 'ES384', typ: 'at+jwt' }): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(body)}.AAAA`;
}

const inlined = (await import(
  fileURLToPath(new URL('../../pkg/dist/entry/claims/inline.js', import.meta.url))
)) as typeof claims;
const required = createRequire(import.meta.url)('scopegate/claims') as typeof claims;

for (const [name, module] of [
  ['from its file', claims],
  ['from inside the script', inlined],
  ['by require', required],
] as const) {
  const { decodeUnverified, evaluateScopes, ScopegateError, tokenKind } = module;
  const refused = (code: string) => (error: unknown) => error instanceof ScopegateError && error.code === code;

  describe(`scopegate/claims, ${name}`, () => {
    it('reads a token', () => {
      const body = { aud: API, exp: IN_TIME, scope: 'read:posts write:posts', organization_id: 'acme', name: 'Ada' };
      const read = decodeUnverified(token(body));
      assert.equal(read.kind, 'access');
      assert.deepEqual(read.unverifiedHeader, { alg: 'ES384', typ: 'at+jwt' });
      assert.deepEqual(read.unverifiedClaims, body);
      assert.deepEqual([...read.unverifiedScopes], ['read:posts', 'write:posts']);
      assert.equal(read.unverifiedOrganizationId, 'acme');
      assert.equal(read.unverifiedExpiresAt, IN_TIME);
      assert.ok(Object.isFrozen(read) && Object.isFrozen(read.unverifiedClaims));
    });

    it('leaves out what could reach a prototype', () => {
      const read = decodeUnverified(token(JSON.parse('{"a":{"__proto__":{"x":1},"b":2}}')));
      assert.deepEqual(read.unverifiedClaims, { a: { b: 2 } });
    });

    it('tells kinds of tokens apart', () => {
      assert.equal(tokenKind(token({})), 'access');
      assert.equal(tokenKind(token({ sub: 'u' }, { alg: 'ES384' })), 'id');
      assert.equal(tokenKind('a'.repeat(43)), 'opaque');
      assert.equal(tokenKind('pat_abc'), 'personal');
      assert.equal(tokenKind('sub_abc'), 'subject');
      assert.equal(tokenKind('a.b.c.d.e'), 'encrypted');
      assert.equal(tokenKind('?'), 'unknown');
    });

    it('refuses what a verifier would refuse, with its code and a hint', () => {
      assert.throws(() => decodeUnverified('a'.repeat(43)), refused('token_opaque'));
      assert.throws(() => decodeUnverified('a'.repeat(43)), /token is opaque/);
      assert.throws(() => decodeUnverified(token({ scope: 1 })), refused('claim_invalid'));
      assert.throws(() => decodeUnverified(undefined as unknown as string), refused('token_malformed'));
    });

    it('holds a token against what it should be for', () => {
      const plain = token({ aud: API, exp: IN_TIME });
      const member = token({ aud: API, exp: IN_TIME, organization_id: 'acme' });
      assert.equal(decodeUnverified(plain, { audience: API }).kind, 'access');
      assert.equal(decodeUnverified(member, { audience: API, organization: 'acme' }).kind, 'access');
      const cases: [string, claims.ExpectedToken, string][] = [
        [plain, { audience: `${API}/` }, 'audience_mismatch'],
        [plain, { audience: API, organization: 'acme' }, 'organization_missing'],
        [member, { audience: API }, 'organization_unexpected'],
        [member, { audience: API, organization: 'globex' }, 'organization_mismatch'],
        [token({ aud: API, exp: IN_TIME }, {}), { audience: API }, 'token_type_mismatch'],
        [plain, { audience: '' }, 'config_invalid'],
        [plain, { audience: API, organization: undefined as unknown as string }, 'config_invalid'],
      ];
      for (const [jwt, expected, code] of cases)
        assert.throws(() => decodeUnverified(jwt, expected), refused(code), code);
    });

    it('evaluates scopes, and says what is missing', () => {
      const { allOf, anyOf } = module;
      const has = new Set(['read:posts', 'write:posts']);
      assert.deepEqual(evaluateScopes('read:posts', has), { met: true, missing: [] });
      assert.deepEqual(evaluateScopes(['read:posts', 'a', 'b'], has), { met: false, missing: ['a', 'b'] });
      assert.deepEqual(evaluateScopes(anyOf('a', allOf('read:posts', 'write:posts')), has).met, true);
      assert.deepEqual(evaluateScopes('write:posts', 'read:posts  write:posts').met, true);
      assert.deepEqual(evaluateScopes('read:posts', []).missing, ['read:posts']);
      const impliedScopes = { 'admin:all': ['delete:posts'] };
      assert.equal(evaluateScopes('delete:posts', ['admin:all']).met, false);
      assert.equal(evaluateScopes('delete:posts', ['admin:all'], { impliedScopes }).met, true);
      assert.throws(() => evaluateScopes([], has), refused('config_invalid'));
      assert.throws(() => evaluateScopes('a b', has), refused('config_invalid'));
    });
  });
}
