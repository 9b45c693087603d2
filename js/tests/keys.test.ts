import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Verifier } from 'scopegate';
import { onEveryBuild } from './support/builds.ts';
import { refusal } from './support/refusal.ts';
import { AUDIENCE, accessToken, Clock, ENDPOINT, ISSUER, jwks, KeyServer, key, makeKey } from './support/tenant.ts';

interface Setting {
  readonly clock: Clock;
  readonly server: KeyServer;
  readonly verifier: Verifier;
}

onEveryBuild(({ createVerifier, sync }) => {
  function setting(): Setting {
    const clock = new Clock();
    const server = new KeyServer();
    const verifier = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, clock: clock.now, fetch: server.fetch });
    return { clock, server, verifier };
  }

  /** Lets a fetch that runs in the background arrive. */
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

  describe('the life of a key set', () => {
    it('begins with the first token, at <issuer>/jwks', async () => {
      const { server, verifier } = setting();
      await verifier.verify(await accessToken());
      await verifier.verify(await accessToken());
      assert.deepEqual(server.requests, [`${ISSUER}/jwks`]);
    });

    it('fetches once for a thousand who come at the same time', async () => {
      const { server, verifier } = setting();
      const rsa = await makeKey('RS256', 'key-rsa');
      server.serve(rsa);
      const jwt = await accessToken({ key: rsa });
      const tokens = await Promise.all(Array.from({ length: 1000 }, () => verifier.verify(jwt)));
      assert.equal(tokens.length, 1000);
      assert.equal(server.requests.length, 1);
    });

    it('refreshes in the background when it is no longer fresh', async () => {
      const { clock, server, verifier } = setting();
      const jwt = await accessToken();
      await verifier.verify(jwt);
      clock.advance(601);
      server.answer = () => new Promise(() => undefined);
      const { promise, waitUntil } = context();
      await verifier.verify(jwt, {}, { waitUntil });
      await verifier.verify(jwt);
      assert.equal(server.requests.length, 2);
      assert.ok(promise() instanceof Promise);
    });

    it('outlives an outage, and ends', async () => {
      const { clock, server, verifier } = setting();
      const jwt = await accessToken({ claims: { exp: 1e12 } });
      await verifier.verify(jwt);
      server.fail();
      for (let hour = 0; hour < 24; hour++) {
        clock.advance(3600);
        await verifier.verify(jwt);
        await settle();
      }
      clock.advance(3600);
      const error = await refusal('keys_unavailable', () => verifier.verify(jwt));
      assert.equal(error.status, 503);
      assert.equal(error.oauthError, null);
      assert.ok((error.retryAfter ?? 0) >= 1);
      assert.equal((error.cause as Error).message, 'fetch failed');
      server.serve(key);
      clock.advance(60);
      await verifier.verify(jwt);
    });

    it('follows a rotation at once, and at most once per cooldown', async () => {
      const { clock, server, verifier } = setting();
      await verifier.verify(await accessToken());
      const next = await makeKey('RS256', 'key-2');
      server.serve(next, key);
      clock.advance(31);
      await verifier.verify(await accessToken({ key: next }));
      assert.equal(server.requests.length, 2);
      const unknown = await accessToken({ key: { ...key, kid: 'key-3' } });
      await refusal('key_not_found', () => verifier.verify(unknown));
      await refusal('key_not_found', () => verifier.verify(unknown));
      assert.equal(server.requests.length, 2);
    });

    it('forgets a key that left', async () => {
      const { clock, server, verifier } = setting();
      const jwt = await accessToken();
      await verifier.verify(jwt);
      const next = await makeKey('ES384', 'key-2');
      let answer = (_: Response): void => undefined;
      server.answer = () => new Promise((resolve) => (answer = resolve));
      clock.advance(601);
      await verifier.verify(jwt);
      server.serve(next);
      answer(Response.json({ keys: [next.jwk] }));
      await settle();
      await refusal('key_not_found', () => verifier.verify(jwt));
    });

    it('waits ever longer while the issuer cannot be reached', async () => {
      const { clock, server, verifier } = setting();
      const jwt = await accessToken();
      server.fail();
      await refusal('keys_unavailable', () => verifier.verify(jwt));
      for (let i = 0; i < 100; i++) await refusal('keys_unavailable', () => verifier.verify(jwt));
      assert.equal(server.requests.length, 1);
      clock.advance(300);
      server.serve(key);
      await verifier.verify(jwt);
      assert.equal(server.requests.length, 2);
    });

    it('can be loaded beforehand', async () => {
      const { server, verifier } = setting();
      await verifier.preload();
      await verifier.preload();
      await verifier.verify(await accessToken());
      assert.equal(server.requests.length, 1);
      server.fail();
      const other = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, fetch: server.fetch });
      await refusal('keys_unavailable', () => other.preload());
    });

    if (sync)
      it('makes verifySync refuse until it is loaded', async () => {
        const { server, verifier } = setting();
        const jwt = await accessToken();
        const error = await refusal('keys_unavailable', () => verifier.verifySync(jwt));
        assert.equal(error.retryAfter, 1);
        await settle();
        verifier.verifySync(jwt);
        assert.equal(server.requests.length, 1);
      });

    it('serves explain as well', async () => {
      const { server, verifier } = setting();
      assert.equal((await verifier.explain(await accessToken())).verdict, 'accepted');
      assert.equal(server.requests.length, 1);
    });

    it('may be fixed', async () => {
      const { server, clock } = setting();
      const options = { endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: clock.now, fetch: server.fetch };
      const verifier = createVerifier(options);
      await verifier.preload();
      await verifier.verify(await accessToken());
      assert.equal(server.requests.length, 0);
    });
  });

  describe('a key set that is not taken', () => {
    const cases: [string, RegExp, () => Response | Promise<Response>][] = [
      ['an error', /status 500/, () => Response.json(jwks, { status: 500 })],
      ['no content', /status 204/, () => new Response(null, { status: 204 })],
      [
        'a redirect',
        /status 302/,
        () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      ],
      [
        'a redirect that was followed',
        /redirects/,
        () => Object.defineProperty(Response.json(jwks), 'redirected', { value: true }),
      ],
      ['too much', /512 KiB/, () => new Response(`{"keys":[],"x":"${'x'.repeat(600 * 1024)}"}`)],
      ['too much, in pieces, without end', /512 KiB/, () => new Response(endless())],
      ['something that breaks off', /broke off/, () => new Response(broken())],
      ['no JSON', /.*/, () => new Response('<html>')],
      ['nothing', /.*/, () => new Response('')],
      ['no key set', /.*/, () => Response.json({ keys: {} })],
      ['no keys', /.*/, () => Response.json({ keys: [] })],
      ['what is no response', /.*/, () => ({}) as Response],
    ];
    for (const [what, cause, answer] of cases) {
      it(`is ${what}`, async () => {
        const { server, verifier } = setting();
        server.answer = answer;
        const error = await refusal('keys_unavailable', async () => verifier.verify(await accessToken()));
        assert.match((error.cause as Error).message, cause);
        assert.equal(error.status, 503);
      });
    }

    it('is one that takes more than five seconds', async (test) => {
      test.mock.timers.enable({ apis: ['setTimeout'] });
      const { server, verifier } = setting();
      let signal: AbortSignal | undefined;
      server.answer = (given) => {
        signal = given;
        return new Promise(() => undefined);
      };
      const jwt = await accessToken();
      const refused = refusal('keys_unavailable', () => verifier.verify(jwt));
      await Promise.resolve();
      test.mock.timers.tick(4999);
      assert.equal(signal?.aborted, false);
      test.mock.timers.tick(1);
      assert.match(((await refused).cause as Error).message, /within 5 s/);
      assert.equal(signal?.aborted, true);
    });

    it('is one behind a real redirect', async () => {
      const url = await serve((request, response) => {
        if (request.url === '/oidc/jwks') response.writeHead(302, { location: '/elsewhere' }).end();
        else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jwks));
      });
      const options = { audience: AUDIENCE, clock: new Clock().now } as const;
      const jwt = await accessToken({ claims: { iss: `${url}/oidc` } });
      const verifier = createVerifier({ ...options, endpoint: url });
      assert.match(
        ((await refusal('keys_unavailable', () => verifier.verify(jwt))).cause as Error).message,
        /status 302/,
      );
      await createVerifier({ ...options, endpoint: url, jwksUri: `${url}/elsewhere` }).verify(jwt);
    });

    it('is one where nobody answers', async () => {
      const url = await serve((request) => request.socket.destroy());
      const verifier = createVerifier({ endpoint: url, audience: AUDIENCE });
      const error = await refusal('keys_unavailable', async () => verifier.verify(await accessToken()));
      assert.ok(error.cause instanceof Error);
    });
  });
});

function context(): { promise: () => unknown; waitUntil: (promise: Promise<unknown>) => void } {
  let given: unknown;
  return {
    promise: () => given,
    waitUntil: (promise) => {
      given = promise;
    },
  };
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });
}

function broken(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.error(new Error('broke off')) });
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
