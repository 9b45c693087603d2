import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keysNeeded } from '../src/answer.ts';
import { bind } from '../src/bind.ts';
import * as rows from '../src/error-rows.ts';
import { separateFlights } from '../src/flight.ts';
import { instantiate } from '../src/runtime.ts';
import { createGlue, Fragile, module } from './support/fragile.ts';
import { refusal } from './support/refusal.ts';
import {
  AUDIENCE,
  accessToken,
  CLIENT,
  Clock,
  ENDPOINT,
  idToken,
  jwks,
  KeyServer,
  key,
  makeKey,
} from './support/tenant.ts';

/** Lets an answer arrive. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('a trap in the core', () => {
  it('answers internal once, and the next call finds a new instance', async () => {
    const fragile = new Fragile();
    const clock = new Clock().now;
    const options = { endpoint: ENDPOINT, jwks, clock, tokenCache: false } as const;
    const verifier = fragile.bound.createVerifier({ ...options, audience: AUDIENCE });
    const other = fragile.bound.createVerifier({ ...options, audience: 'https://other.example' });
    const jwt = await accessToken();
    await verifier.verify(jwt, { scopes: 'read:posts' });
    assert.equal(fragile.instances, 1);

    fragile.broken.add('core_verify');
    const error = await refusal('internal', () => verifier.verify(jwt));
    assert.equal(error.status, 500);
    assert.equal(error.oauthError, null);
    assert.ok(error.cause instanceof WebAssembly.RuntimeError);
    await refusal('internal', () => verifier.verifySync(jwt));
    fragile.broken.clear();

    await verifier.verify(jwt, { scopes: 'read:posts' });
    await refusal('scope_insufficient', () => verifier.verify(jwt, { scopes: 'delete:posts' }));
    await refusal('audience_mismatch', () => other.verify(jwt));
    assert.equal(fragile.instances, 3);
  });

  it('loses neither the keys nor their age', async () => {
    const fragile = new Fragile();
    const clock = new Clock();
    const server = new KeyServer();
    const { fetch } = server;
    const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: clock.now, fetch, tokenCache: false } as const;
    const verifier = fragile.bound.createVerifier(options);
    const jwt = await accessToken();
    await verifier.verify(jwt);
    clock.advance(400);
    fragile.broken.add('core_verify');
    await refusal('internal', () => verifier.verify(jwt));
    fragile.broken.clear();
    server.fail();
    verifier.requireScopes({ scopes: new Set(['a']) }, 'a');
    verifier.verifySync(jwt);
    assert.equal(server.requests.length, 1);
    clock.advance(201);
    verifier.verifySync(jwt);
    assert.equal(server.requests.length, 2, 'the restored keys are no longer fresh');
  });

  it('does not bring back keys that were replaced', async () => {
    const fragile = new Fragile();
    const clock = new Clock();
    const server = new KeyServer();
    const { fetch } = server;
    const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: clock.now, fetch, tokenCache: false } as const;
    const verifier = fragile.bound.createVerifier(options);
    const jwt = await accessToken();
    await verifier.verify(jwt);
    const answers: ((response: Response) => void)[] = [];
    server.answer = () => new Promise((resolve) => answers.push(resolve));
    clock.advance(601);
    verifier.verifySync(jwt);
    clock.advance(11);
    verifier.verifySync(jwt);
    const next = await makeKey('ES384', 'key-2');
    answers[1]?.(Response.json({ keys: [next.jwk] }));
    await settle();
    answers[0]?.(Response.json(jwks));
    await settle();
    fragile.broken.add('core_verify');
    await refusal('internal', () => verifier.verify(jwt));
    fragile.broken.clear();
    verifier.verifySync(await accessToken({ key: next }));
    clock.advance(31);
    await refusal('keys_unavailable', () => verifier.verifySync(jwt));
    answers[2]?.(Response.json({ keys: [next.jwk] }));
    await settle();
    await refusal('key_not_found', () => verifier.verifySync(jwt));
  });

  it('over the very keys does not last', async () => {
    const fragile = new Fragile();
    const server = new KeyServer();
    const clock = new Clock().now;
    const verifier = fragile.bound.createVerifier({
      endpoint: ENDPOINT,
      audience: AUDIENCE,
      clock,
      fetch: server.fetch,
      tokenCache: false,
    });
    const jwt = await accessToken();
    await verifier.verify(jwt);
    fragile.broken.add('core_verify');
    await refusal('internal', () => verifier.verify(jwt));
    fragile.broken.clear();
    fragile.broken.add('core_restore_keys');
    await refusal('internal', () => verifier.verify(jwt));
    await verifier.verify(jwt);
    assert.equal(server.requests.length, 2);
  });

  it('while keys arrive refuses all who wait for them', async () => {
    const fragile = new Fragile();
    const server = new KeyServer();
    const clock = new Clock().now;
    const verifier = fragile.bound.createVerifier({
      endpoint: ENDPOINT,
      audience: AUDIENCE,
      clock,
      fetch: server.fetch,
      tokenCache: false,
    });
    const jwt = await accessToken();
    fragile.broken.add('core_keys_fetched');
    await Promise.all([1, 2, 3].map(() => refusal('internal', () => verifier.verify(jwt))));
    assert.equal(server.requests.length, 1);
    fragile.broken.clear();
    await verifier.verify(jwt);
    assert.equal(server.requests.length, 2);
  });

  it('does not spoil the answer to the request', async () => {
    const fragile = new Fragile();
    const verifier = fragile.bound.createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks });
    fragile.broken.add('core_verify').add('challenge');
    const error = await refusal('internal', async () => verifier.verify(await accessToken()));
    assert.equal(verifier.challenge(error), null);
  });
});

describe('where requests may share no promise', () => {
  const setting = () => {
    const server = new KeyServer();
    const clock = new Clock();
    const { createVerifier } = bind(createGlue, module, separateFlights);
    const verifier = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, clock: clock.now, fetch: server.fetch });
    return { server, clock, verifier };
  };

  it('one fetches, and the others look again', async () => {
    const { server, verifier } = setting();
    const jwt = await accessToken();
    let answer: (response: Response) => void = () => undefined;
    server.answer = () => new Promise((resolve) => (answer = resolve));
    const verified = Promise.all([verifier.verify(jwt), verifier.verify(jwt), verifier.verify(jwt)]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer(Response.json(jwks));
    assert.equal((await verified).length, 3);
    assert.equal(server.requests.length, 1);
  });

  it('another one fetches if the first was cancelled', async () => {
    const { server, clock, verifier } = setting();
    const jwt = await accessToken();
    let answer: (response: Response) => void = () => undefined;
    server.answer = () => new Promise((resolve) => (answer = resolve));
    const first = verifier.verify(jwt);
    const second = verifier.verify(jwt);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(server.requests.length, 1);
    server.serve(key);
    clock.advance(11);
    await second;
    assert.equal(server.requests.length, 2);
    answer(new Response(null, { status: 500 }));
    await first;
  });
});

describe('the errors that the host raises', () => {
  it('are worded as the core words them', async () => {
    const glue = instantiate(createGlue(), module);
    const start = () => new glue.Core(JSON.stringify({ endpoint: ENDPOINT, audience: AUDIENCE }));
    const failing = start();
    const { fetch } = keysNeeded(failing.preload(0));
    failing.keys_failed(Number(fetch), 0);
    const core = start();
    const id = Number(core.requirement('null').slice(1));
    const expired = new glue.Core(JSON.stringify({ endpoint: ENDPOINT, audience: AUDIENCE, jwks }));
    expired.requirement('null');
    const answers = [
      glue.bearer_token(undefined),
      glue.bearer_token('Bearer'),
      core.verify('a.b.c', id, undefined, 0, false),
      core.verify('a.b.c', id, undefined, Number.NaN, false),
      expired.verify(await accessToken(), 0, undefined, 1e14, false),
      new glue.Core('{}').jwks_uri(),
      failing.preload(0),
    ];
    const raised = answers.map((answer) => JSON.parse(answer.slice(1)));
    for (const [code, status, oauthError, message] of Object.values(rows)) {
      const row = raised.find((error) => error.code === code);
      assert.deepEqual([row?.code, row?.status, row?.oauthError, row?.message], [code, status, oauthError, message]);
    }
  });
});

describe('ID tokens after a trap', () => {
  it('are verified again', async () => {
    const fragile = new Fragile();
    const clock = new Clock().now;
    const options = { endpoint: ENDPOINT, clientId: CLIENT, jwks, clock };
    const jwt = await idToken();
    fragile.broken.add('core_verify');
    await refusal('internal', () => fragile.bound.verifyIdToken(jwt, options));
    fragile.broken.clear();
    assert.equal((await fragile.bound.verifyIdToken(jwt, options)).subject, 'w2k7dq3hz9ab');
  });
});
