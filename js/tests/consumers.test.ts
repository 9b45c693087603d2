import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AUDIENCE, accessToken, CLIENT, ENDPOINT, idToken, jwks, START } from './support/tenant.ts';

const input = JSON.stringify({
  token: await accessToken(),
  idToken: await idToken(),
  jwks,
  options: { endpoint: ENDPOINT, audience: AUDIENCE },
  clientId: CLIENT,
  now: START,
});

describe('the package', () => {
  for (const [kind, file, builds] of [
    ['an ES module', 'esm.mjs', 3],
    ['a CommonJS module', 'cjs.cjs', 3],
    ['both in one program', 'mixed.mjs', 1],
  ] as const) {
    it(`works in ${kind}`, () => {
      const path = fileURLToPath(new URL(`consumers/${file}`, import.meta.url));
      const { status, stdout, stderr } = spawnSync(process.execPath, [path], { input, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      assert.equal(stderr, '');
      const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'WWW-Authenticate': 'Bearer' };
      const expected = {
        subject: 'w2k7dq3hz9ab',
        refused: 'token_malformed',
        signed: 'ES384',
        signedIn: 'w2k7dq3hz9ab',
        express: [401, headers],
        workers: [401, 'token_malformed'],
      };
      assert.deepEqual(
        JSON.parse(stdout),
        Array.from({ length: builds }, () => expected),
      );
    });
  }
});
