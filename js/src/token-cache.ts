import type { Engine } from './engine.ts';
import { configError } from './errors.ts';
import type { TokenCacheOptions } from './options.ts';
import type { Demand } from './requirement.ts';
import type { AccessToken } from './token.ts';

const DEFAULT_ENTRIES = 1000;
const MOST_ENTRIES = 1_000_000;

/**
 * Reads the option `tokenCache`: how many tokens to remember, 0 for none.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function readTokenCache(option: unknown): number {
  if (option === undefined) return DEFAULT_ENTRIES;
  if (option === false) return 0;
  const { maxEntries, ...others } = { ...(option as Partial<TokenCacheOptions> | null) };
  const bounded = Number.isInteger(maxEntries) && Number(maxEntries) >= 1 && Number(maxEntries) <= MOST_ENTRIES;
  if (typeof option === 'object' && bounded && Object.keys(others).length === 0) return Number(maxEntries);
  throw configError(`tokenCache must be false, or { maxEntries: 1 to ${MOST_ENTRIES} }.`);
}

/** The end of a signature tells tokens apart, and is much quicker to hash than the whole of them. */
const TAIL = 24;

interface Entry {
  /** The whole token, exactly as it was verified. */
  text: string;
  readonly tail: string;
  token: AccessToken;
  /** Where the core keeps what it needs to decide again. */
  slot: number;
  /** Whether it was asked for since the hand passed. */
  used: boolean;
}

/**
 * Verified tokens, so that a token that comes again need not be verified in full. Whether it still holds (time, keys,
 * scopes, organization) is decided by the core each time; nothing about refusals is kept.
 *
 * Bounded; what makes room is found by a hand that goes round and spares those used since its last visit (the clock
 * algorithm), which comes close to "least recently used" and leaves hits nothing to do.
 */
export class TokenCache {
  readonly #engine: Engine;
  readonly #maxEntries: number;
  readonly #byTail = new Map<string, Entry>();
  #ring: Entry[] = [];
  #hand = 0;
  /** Whose slots these are. */
  #core: object | undefined;

  constructor(engine: Engine, maxEntries: number) {
    this.#engine = engine;
    this.#maxEntries = maxEntries;
  }

  /**
   * The token, if it was accepted before and would be accepted now; `undefined` if only a full verification can tell.
   *
   * @throws {ScopegateError} `config_invalid` for bad scopes, `internal`.
   */
  recall(text: string, { required, organization }: Demand, now: number): AccessToken | undefined {
    const entry = this.#byTail.get(text.slice(-TAIL));
    if (entry === undefined || entry.text !== text || !this.#isCurrent()) return undefined;
    if (!this.#engine.stillAccepts(entry.slot, required, organization, now)) return undefined;
    entry.used = true;
    return entry.token;
  }

  /**
   * Remembers the token that the core accepted last: nothing else may have been asked of it since.
   *
   * @throws {ScopegateError} `internal`
   */
  keep(text: string, token: AccessToken): void {
    const slot = this.#engine.remember();
    if (slot === undefined) return;
    this.#isCurrent();
    const tail = text.slice(-TAIL);
    const known = this.#byTail.get(tail);
    if (known === undefined) {
      const entry = { text, tail, token, slot, used: false };
      this.#byTail.set(tail, entry);
      this.#place(entry);
    } else {
      const { slot: former } = known;
      Object.assign(known, { text, token, slot });
      this.#engine.forget(former);
    }
  }

  #place(entry: Entry): void {
    if (this.#ring.length < this.#maxEntries) {
      this.#ring.push(entry);
      return;
    }
    let oldest = this.#ring[this.#hand];
    while (oldest?.used === true) {
      oldest.used = false;
      this.#advance();
      oldest = this.#ring[this.#hand];
    }
    this.#ring[this.#hand] = entry;
    this.#advance();
    if (oldest === undefined) return;
    this.#byTail.delete(oldest.tail);
    this.#engine.forget(oldest.slot);
  }

  #advance(): void {
    this.#hand = (this.#hand + 1) % this.#ring.length;
  }

  /** After a trap the core is another one, and the slots are gone with the old one. */
  #isCurrent(): boolean {
    const { core } = this.#engine;
    if (core === this.#core) return true;
    this.#byTail.clear();
    this.#ring = [];
    this.#hand = 0;
    this.#core = core;
    return false;
  }
}
