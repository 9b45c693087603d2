import { readRecord, recordFormat, type StoreOptions, writeRecord } from './record.ts';
import type { KeyStore } from './types.ts';

/** The part of a Workers KV namespace that is used. */
export interface KvNamespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<unknown>;
}

/**
 * Shares key sets through a Workers KV namespace (a binding, such as `env.KEYS`), between all places of Cloudflare's
 * network. What one place wrote may take a minute to reach another.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function kvKeyStore(namespace: KvNamespace, options: StoreOptions = {}): KeyStore {
  const { keyOf, expireAfter } = recordFormat(options);
  return {
    get: async (jwksUri) => readRecord(await namespace.get(keyOf(jwksUri))),
    put: (jwksUri, keySet) => namespace.put(keyOf(jwksUri), writeRecord(keySet), { expirationTtl: expireAfter }),
  };
}
