import { MAX_BYTES } from '../jwks.ts';
import { within } from '../time-limit.ts';
import type { KeyStore, StoredKeySet } from './types.ts';

/** For an answer of the store. A store that is slower than this is no better than the issuer. */
const TIMEOUT_MS = 500;
/** By how much the clocks of those who share a store may differ. */
const CLOCK_TOLERANCE_MS = 5000;

/** A key set from the store, within the limits that hold for the issuer's own. */
export interface SharedKeySet {
  readonly body: Uint8Array;
  /** In milliseconds since the Unix epoch; not in the future. */
  readonly fetchedAt: number;
}

/** What a store did not do. */
export type StoreFailed = (operation: 'get' | 'put', failure: unknown) => void;

/** A {@link KeyStore} on which nothing depends: it may fail, hang, or hold anything. */
export class SharedKeys {
  readonly #store: KeyStore;
  readonly #address: string;
  readonly #failed: StoreFailed;

  constructor(store: KeyStore, address: string, failed: StoreFailed) {
    this.#store = store;
    this.#address = address;
    this.#failed = failed;
  }

  /** What the store has, within half a second; never rejects. */
  async read(now: number): Promise<SharedKeySet | undefined> {
    try {
      const stored = await within(TIMEOUT_MS, 'the key store', this.#get());
      return stored === undefined || stored === null ? undefined : checked(stored, now);
    } catch (failure) {
      this.#failed('get', failure);
      return undefined;
    }
  }

  /** Stores what the issuer served; never rejects. */
  async write(body: Uint8Array, fetchedAt: number): Promise<void> {
    try {
      await this.#store.put(this.#address, { body: new TextDecoder().decode(body), fetchedAt });
    } catch (failure) {
      this.#failed('put', failure);
    }
  }

  /** Asynchronous, so that what throws at once rejects. */
  async #get(): Promise<unknown> {
    return this.#store.get(this.#address);
  }
}

function checked(stored: unknown, now: number): SharedKeySet {
  const { body, fetchedAt } = stored as StoredKeySet;
  const dated = Number.isFinite(fetchedAt) && fetchedAt >= 0 && fetchedAt <= now + CLOCK_TOLERANCE_MS;
  if (typeof body !== 'string' || !dated) throw new Error('the key store holds no key set, or one from the future');
  const bytes = new TextEncoder().encode(body);
  if (bytes.byteLength > MAX_BYTES) throw new Error(`the key store holds more than ${MAX_BYTES / 1024} KiB`);
  return { body: bytes, fetchedAt: Math.min(fetchedAt, now) };
}
