import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Verifier } from 'scopegate';
import { documentAt } from '../support/docs.ts';
import { listen } from '../support/http.ts';
import { startMiniflare } from '../support/miniflare.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { scratch } from '../support/scratch.ts';
import { accessToken, jwks } from '../support/tenant.ts';

const { codeAfter } = documentAt('docs/key-store.md');
const ENDPOINT = 'https://tenant.logto.app';

describe('docs/key-store.md', () => {
  const files = scratch('key-store');
  let issuer: Awaited<ReturnType<typeof listen>>;
  let redis: RedisServer;
  let fetches = 0;

  before(async () => {
    redis = await startRedis();
    issuer = await listen((_request, response) => {
      fetches++;
      response.end(JSON.stringify(jwks));
    });
  });

  after(async () => {
    await issuer?.close();
    await redis?.stop();
    files.remove();
  });

  const token = (): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return accessToken({ claims: { iss: `${issuer.url}/oidc`, iat: now, exp: now + 600 } });
  };

  /** Tells a program of the document where things are here, and leaves a way to end it. */
  const program = (marker: string, connection: string, own: string, end: string): string =>
    `${codeAfter(marker, { [ENDPOINT]: issuer.url, [connection]: own })}\nexport const end = () => ${end};\n`;

  it('shares keys through Redis, by both clients', async () => {
    const programs = [
      ['ioredis', `'redis://127.0.0.1:6379'`, JSON.stringify(redis.path), 'redis.disconnect()'],
      [
        'node-redis',
        `url: 'redis://127.0.0.1:6379'`,
        `socket: { path: ${JSON.stringify(redis.path)}, tls: false }`,
        'redis.destroy()',
      ],
    ] as const;
    for (const [marker, connection, own, end] of programs) {
      const file = files.write(`${marker}.ts`, program(marker, connection, own, end));
      const example = (await import(file.href)) as { verifier: Verifier; end(): void };
      try {
        assert.equal((await example.verifier.verify(await token())).subject, 'w2k7dq3hz9ab');
      } finally {
        example.end();
      }
    }
    assert.equal(fetches, 1, 'the second one found what the first one stored');
  });

  it('shares keys through Workers KV', async () => {
    fetches = 0;
    const file = files.write('worker.ts', codeAfter('kv', { [ENDPOINT]: issuer.url }));
    const headers = { authorization: `Bearer ${await token()}` };
    for (const _ of ['the first process', 'the second']) {
      const worker = await startMiniflare(file, {
        directory: fileURLToPath(new URL('.', file)),
        kvNamespaces: ['KEYS'],
      });
      try {
        const response = await worker.dispatchFetch('http://worker/', { headers });
        assert.deepEqual([response.status, await response.json()], [200, { reader: 'w2k7dq3hz9ab' }]);
      } finally {
        await worker.dispose();
      }
    }
    assert.equal(fetches, 1);
  });
});
