import { readRecord, recordFormat, type StoreOptions, writeRecord } from './record.ts';
import type { KeyStore } from './types.ts';

interface Reader {
  get(key: string): Promise<unknown>;
}

/** The part of a Redis client that is used: ioredis and node-redis (`redis`) have it. */
export type RedisClient = Reader &
  (
    | { setex(key: string, seconds: number, value: string): Promise<unknown> }
    | { setEx(key: string, seconds: number, value: string): Promise<unknown> }
  );

/**
 * Shares key sets through Redis (or Valkey). The client is the caller's: connected, and closed, by the caller.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function redisKeyStore(client: RedisClient, options: StoreOptions = {}): KeyStore {
  const { keyOf, expireAfter } = recordFormat(options);
  return {
    get: async (jwksUri) => readRecord((await client.get(keyOf(jwksUri))) as string | null),
    put: (jwksUri, keySet) => {
      const record = [keyOf(jwksUri), expireAfter, writeRecord(keySet)] as const;
      return 'setEx' in client ? client.setEx(...record) : client.setex(...record);
    },
  };
}
