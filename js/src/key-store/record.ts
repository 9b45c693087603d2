import { configError } from '../errors.ts';
import type { StoredKeySet } from './types.ts';

/** A little over the default life of a key set: ten minutes fresh, and a day without its issuer. */
const DEFAULT_EXPIRY = 90_000;
/** Workers KV takes nothing shorter; no use is known for anything longer than a month. */
const EXPIRY_LIMITS = [60, 2_592_000] as const;

/** What the stores have in common. */
export interface StoreOptions {
  /** Comes before the key set's address in the store's keys. Default `'scopegate:jwks:'`. */
  readonly prefix?: string;
  /** Seconds after which the store drops a key set: 60 to 2,592,000. Default 90,000 (25 hours). */
  readonly expireAfter?: number;
}

/** How key sets are kept in a store of texts. */
export interface RecordFormat {
  readonly expireAfter: number;
  keyOf(jwksUri: string): string;
}

/**
 * Reads the options of a store.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function recordFormat({ prefix = 'scopegate:jwks:', expireAfter = DEFAULT_EXPIRY }: StoreOptions): RecordFormat {
  const [least, most] = EXPIRY_LIMITS;
  if (!Number.isInteger(expireAfter) || expireAfter < least || expireAfter > most) {
    throw configError(`expireAfter must be a whole number of seconds from ${least} to ${most}.`);
  }
  return { expireAfter, keyOf: (jwksUri) => prefix + jwksUri };
}

/** A key set as one text. */
export function writeRecord({ body, fetchedAt }: StoredKeySet): string {
  return JSON.stringify({ body, fetchedAt });
}

/**
 * Reads what {@link writeRecord} wrote.
 *
 * @throws {SyntaxError} for what is no JSON; its members are checked by whoever uses them.
 */
export function readRecord(text: string | null | undefined): StoredKeySet | undefined {
  return text === null || text === undefined ? undefined : (JSON.parse(text) as StoredKeySet);
}
