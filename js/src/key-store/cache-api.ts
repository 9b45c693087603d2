import { configError } from '../errors.ts';
import { readRecord, recordFormat, type StoreOptions, writeRecord } from './record.ts';
import type { KeyStore } from './types.ts';

/** The part of a `Cache` that is used. */
export interface CacheLike {
  match(address: string): Promise<Response | undefined>;
  put(address: string, response: Response): Promise<unknown>;
}

/** The options of {@link cacheApiKeyStore}. */
export interface CacheApiOptions extends Pick<StoreOptions, 'expireAfter'> {
  /** The cache to use. Default: `caches.default`, as on Workers. */
  readonly cache?: CacheLike;
}

/**
 * Entries have addresses of their own, under a name that can never exist (RFC 6761 §6.4): under the key set's own
 * address they would be answers to whoever fetches that.
 */
const ADDRESS = 'https://scopegate.invalid/jwks?uri=';

/**
 * Shares key sets through the Cache API: between the isolates of one of Cloudflare's data centres. It does nothing on
 * `workers.dev`.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function cacheApiKeyStore({ cache, ...options }: CacheApiOptions = {}): KeyStore {
  const { expireAfter } = recordFormat(options);
  const addressOf = (jwksUri: string): string => ADDRESS + encodeURIComponent(jwksUri);
  // Looked up at each call: at the start of an isolate there may be none yet.
  const current = (): CacheLike => cache ?? defaultCache();
  return {
    get: async (jwksUri) => readRecord(await (await current().match(addressOf(jwksUri)))?.text()),
    put: async (jwksUri, keySet) => {
      const headers = { 'content-type': 'application/json', 'cache-control': `max-age=${expireAfter}` };
      await current().put(addressOf(jwksUri), new Response(writeRecord(keySet), { headers }));
    },
  };
}

function defaultCache(): CacheLike {
  const { caches } = globalThis as { caches?: { default?: CacheLike } };
  if (caches?.default === undefined) throw configError('There is no caches.default here: give the option cache.');
  return caches.default;
}
