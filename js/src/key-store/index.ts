export { type CacheApiOptions, type CacheLike, cacheApiKeyStore } from './cache-api.ts';
export { type KvNamespace, kvKeyStore } from './kv.ts';
export type { StoreOptions } from './record.ts';
export { type RedisClient, redisKeyStore } from './redis.ts';
export type { KeyStore, StoredKeySet } from './types.ts';
