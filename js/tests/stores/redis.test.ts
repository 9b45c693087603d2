import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { createVerifier } from 'scopegate';
import { type RedisClient, redisKeyStore } from 'scopegate/key-store';
import { HANDFUL, thousandColdStarts } from '../support/cold-starts.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { AUDIENCE, accessToken, Clock, ENDPOINT, ISSUER, jwks, KeyServer, START } from '../support/tenant.ts';

const URI = `${ISSUER}/jwks`;

interface Connection {
  readonly client: RedisClient;
  /** Looks into the database, or closes the connection. */
  ttl(key: string): Promise<number>;
  set(key: string, value: string): Promise<unknown>;
  close(): unknown;
}

const CLIENTS: Record<string, (path: string) => Promise<Connection>> = {
  ioredis: async (path) => {
    const client = new Redis({ path });
    client.on('error', () => undefined);
    return {
      client,
      ttl: (key) => client.ttl(key),
      set: (key, value) => client.set(key, value),
      close: () => client.disconnect(),
    };
  },
  'node-redis': async (path) => {
    const client = createClient({ socket: { path, tls: false } });
    // It says so when the server goes away, and would end the process if nobody listened.
    client.on('error', () => undefined);
    await client.connect();
    return {
      client,
      ttl: (key) => client.ttl(key),
      set: (key, value) => client.set(key, value),
      close: () => client.destroy(),
    };
  },
};

for (const [name, connect] of Object.entries(CLIENTS)) {
  describe(`keys shared through Redis, by ${name}`, () => {
    let redis: RedisServer;
    let connection: Connection;

    before(async () => {
      redis = await startRedis();
      connection = await connect(redis.path);
    });

    after(async () => {
      connection?.close();
      await redis?.stop();
    });

    it('spare a thousand cold processes their fetches', async (test) => {
      const server = new KeyServer();
      const jwt = await accessToken();
      await thousandColdStarts(async () => {
        const keyStore = redisKeyStore(connection.client);
        const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: new Clock().now, fetch: server.fetch };
        await createVerifier({ ...options, keyStore }).verify(jwt);
      });
      test.diagnostic(`1000 cold verifiers, ${server.requests.length} fetches`);
      assert.ok(server.requests.length >= 1 && server.requests.length <= HANDFUL, String(server.requests.length));
    });

    it('are stored as they came, for a time', async () => {
      const store = redisKeyStore(connection.client, { prefix: 'test:', expireAfter: 120 });
      assert.equal(await store.get(URI), undefined);
      const keySet = { body: JSON.stringify(jwks), fetchedAt: START };
      await store.put(URI, keySet);
      assert.deepEqual(await store.get(URI), keySet);
      const ttl = await connection.ttl(`test:${URI}`);
      assert.ok(ttl > 110 && ttl <= 120);
      await connection.set(`test:${URI}`, 'something else');
      await assert.rejects(store.get(URI), SyntaxError);
    });

    it('are done without when Redis goes away', async () => {
      await redis.stop();
      const server = new KeyServer();
      const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: new Clock().now, fetch: server.fetch };
      const verifier = createVerifier({ ...options, keyStore: redisKeyStore(connection.client) });
      const started = performance.now();
      await verifier.verify(await accessToken());
      assert.ok(performance.now() - started < 1500);
      assert.equal(server.requests.length, 1);
    });
  });
}
