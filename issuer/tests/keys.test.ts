/** Signing keys, their rotation, and the key set's HTTP behaviour. */

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { describe, it } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { BLOG_API, type SigningAlgorithm } from '../src/index.ts';
import { fetchJwks, startIssuer, verified, verifiesNow } from './support.ts';

const ALGORITHMS: SigningAlgorithm[] = ['ES384', 'RS256', 'ES256', 'ES512', 'PS256'];

describe('signing algorithms', () => {
  for (const signingAlgorithm of ALGORITHMS) {
    it(`signs every kind of token with ${signingAlgorithm}`, async () => {
      const { issuer, flows } = await startIssuer({ signingAlgorithm });
      const session = await flows.signIn({ username: 'viewer', resources: [BLOG_API] });
      for (const token of [await session.accessToken(BLOG_API), await session.idToken()]) {
        assert.equal((await verified(issuer, token)).header.alg, signingAlgorithm);
      }
      const [jwk] = (await fetchJwks(issuer)).keys;
      assert.ok(jwk);
      const members =
        jwk.kty === 'EC' ? ['kty', 'use', 'kid', 'alg', 'crv', 'x', 'y'] : ['kty', 'use', 'kid', 'e', 'n'];
      assert.deepEqual(Object.keys(jwk), members);
      assert.equal(jwk.kid, await calculateJwkThumbprint(jwk, 'sha256'));
      assert.deepEqual(issuer.jwks(), await fetchJwks(issuer).then(({ keys }) => ({ keys: [{ ...keys[0] }] })));
    });
  }
});

describe('rotation', () => {
  it('at once: the old key becomes Previous, and the one before it disappears', async () => {
    const { issuer, flows } = await startIssuer();
    const token = () => flows.machineToken({ resource: BLOG_API });
    const first = await token();
    const [firstKid] = issuer.keyIds;
    const secondKid = await issuer.rotateKeys({ algorithm: 'RS256' });
    assert.deepEqual(issuer.keyIds, [secondKid, firstKid]);
    const second = await token();
    assert.equal((await verified(issuer, second)).header.alg, 'RS256');
    assert.ok(await verifiesNow(issuer, first));

    const thirdKid = await issuer.rotateKeys({ algorithm: 'ES384' });
    assert.deepEqual(issuer.keyIds, [thirdKid, secondKid]);
    assert.equal(await verifiesNow(issuer, first), false);
    assert.ok(await verifiesNow(issuer, second));

    issuer.deletePreviousKey();
    assert.equal(await verifiesNow(issuer, second), false);
    assert.deepEqual(
      (await fetchJwks(issuer)).keys.map(({ kid }) => kid),
      [thirdKid],
    );
  });

  it('staged: Next is published before it signs; never more than three keys', async () => {
    const { issuer, flows } = await startIssuer();
    await issuer.rotateKeys();
    const [current, previous] = issuer.keyIds;
    const next = await issuer.rotateKeys({ staged: true });
    assert.deepEqual(issuer.keyIds, [current, next, previous], 'order of the key set');
    const before = await flows.machineToken({ resource: BLOG_API });
    assert.equal((await verified(issuer, before)).header.kid, current);

    const restaged = await issuer.rotateKeys({ staged: true });
    assert.deepEqual(issuer.keyIds, [current, restaged, previous]);
    issuer.activateNextKey();
    assert.deepEqual(issuer.keyIds, [restaged, current]);
    const after = await flows.machineToken({ resource: BLOG_API });
    assert.equal((await verified(issuer, after)).header.kid, restaged);
    assert.ok(await verifiesNow(issuer, before));
    assert.throws(() => issuer.activateNextKey(), /no key is staged/);
  });

  it('keeps sign-ins across a rotation and a restart on the same port', async () => {
    const { issuer, flows } = await startIssuer();
    const session = await flows.signIn({ username: 'editor', resources: [BLOG_API] });
    const { endpoint } = issuer;
    await issuer.rotateKeys();
    await issuer.stop();
    assert.equal(issuer.listening, false);
    await assert.rejects(fetch(issuer.jwksUri));
    await issuer.start();
    await issuer.restart();
    assert.equal(issuer.endpoint, endpoint);
    const { header } = await verified(issuer, await session.accessToken(BLOG_API));
    assert.equal(header.kid, issuer.keyIds[0]);
  });
});

describe('the key set over HTTP', async () => {
  const { issuer } = await startIssuer();

  it('has the headers of Logto and can be read from any origin', async () => {
    const response = await fetch(issuer.jwksUri, { headers: { origin: 'https://app.example' } });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/jwk-set+json; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-cache, max-age=0, must-revalidate');
    assert.equal(response.headers.get('access-control-allow-origin'), 'https://app.example');
    assert.match(String(response.headers.get('vary')), /Origin/);

    const preflight = await fetch(issuer.jwksUri, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-methods'), 'GET');
    assert.equal(preflight.headers.get('access-control-max-age'), '3600');
  });

  it('answers 304 to a client that has it, and counts requests', async () => {
    issuer.requests.clear();
    const etag = (await fetch(issuer.jwksUri)).headers.get('etag');
    assert.ok(etag);
    // Not with `fetch`: it sends `Cache-Control: no-cache` along with `If-None-Match`, which asks for the whole answer.
    const conditional = () =>
      new Promise<{ status: number | undefined; etag: string | undefined }>((resolve, reject) => {
        get(issuer.jwksUri, { headers: { 'if-none-match': etag } }, (response) => {
          response.resume();
          resolve({ status: response.statusCode, etag: response.headers.etag });
        }).on('error', reject);
      });
    assert.deepEqual(await conditional(), { status: 304, etag });
    const withFetch = await fetch(issuer.jwksUri, { headers: { 'if-none-match': etag } });
    assert.equal(withFetch.status, 200);
    await issuer.rotateKeys();
    const changed = await conditional();
    assert.equal(changed.status, 200);
    assert.notEqual(changed.etag, etag);
    assert.equal(issuer.requests.jwksFetches, 4);
    assert.equal(issuer.requests.count('/jwks', 304), 1);
  });

  it('compresses only a large key set', async () => {
    const encoding = async () => (await fetch(issuer.jwksUri)).headers.get('content-encoding');
    await issuer.rotateKeys({ algorithm: 'ES384' });
    assert.equal(await encoding(), null);
    for (const staged of [false, false, true]) {
      await issuer.rotateKeys({ algorithm: 'RS256', staged });
    }
    assert.equal(await encoding(), 'gzip');
    assert.equal((await fetchJwks(issuer)).keys.length, 3);
  });

  it('is named by the discovery document', async () => {
    const response = await fetch(`${issuer.issuer}/.well-known/openid-configuration`);
    const document = (await response.json()) as Record<string, unknown>;
    assert.equal(document.issuer, issuer.issuer);
    assert.equal(document.jwks_uri, issuer.jwksUri);
    assert.equal(document.token_endpoint, `${issuer.issuer}/token`);
    assert.equal(document.userinfo_endpoint, `${issuer.issuer}/me`);
    assert.equal(document.claims_parameter_supported, false);
  });
});
