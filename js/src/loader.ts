import {
  accepted,
  type KeysChanged,
  keysNeeded,
  needsKeys,
  needsSignature,
  type SignatureAnswer,
  signatureNeeded,
} from './answer.ts';
import type { Core } from './core.ts';
import type { Engine } from './engine.ts';
import { INTERNAL, KEYS_UNAVAILABLE } from './error-rows.ts';
import { configError, defect, hostError, ScopegateError } from './errors.ts';
import type { KeysNews, Observer } from './events/observer.ts';
import type { KeysFetched } from './events/types.ts';
import type { Flights } from './flight.ts';
import { fetchKeySet } from './jwks.ts';
import { type SharedKeySet, SharedKeys } from './key-store/shared-keys.ts';
import type { SplitOptions } from './options.ts';
import type { SignatureCheck } from './web-crypto.ts';

/** The context of the request that a call belongs to: a Worker's `ctx` fits. */
export interface CallContext {
  /** Keeps a background refresh of the keys alive after the response was sent. */
  waitUntil?(promise: Promise<unknown>): void;
}

/** What the core is asked, as often as it takes. */
export interface Question<T> {
  /** The token that it is about: signatures are checked of this one only. */
  readonly token: string;
  /** Asks the core; `now` is in milliseconds since the Unix epoch, `signature` the host's word on this token's. */
  ask(now: number, signature?: SignatureAnswer): string;
  /** Reads the verdict, an answer without its first character, before the core is asked anything else. */
  read(verdict: string): T;
}

/** What the host does for a verifier, whatever its options. */
export interface VerifierHost {
  /** How one waits here for a fetch that is under way; called once for each verifier. */
  readonly flights: () => Flights;
  /** Checks signatures, for a core that does not. */
  readonly checkSignature?: SignatureCheck;
}

type LoaderHost = VerifierHost &
  Omit<SplitOptions, 'core' | 'onEvent'> & {
    /** Hears what happens to the keys. */
    readonly observer: Observer;
  };

/** The core's answers converge after one or two repetitions; more would be a defect that must not hang the caller. */
const MAX_REPETITIONS = 8;

/**
 * Asks the core, and fetches keys as it demands, until it gives a verdict.
 *
 * @internal
 */
export class Loader {
  readonly #engine: Engine;
  /** Where keys are fetched; empty with a fixed key set, of which nothing is ever fetched. */
  readonly #address: string;
  readonly #host: LoaderHost;
  readonly #flights: Flights;
  #shared: SharedKeys | undefined;
  /** Why the last fetch failed: the cause of an outage. */
  #failure: unknown;
  /** The core trapped on the last key set: its successor knows of no failure, and would ask for the same again. */
  #trap: ScopegateError | undefined;

  /** @throws {ScopegateError} `config_invalid` */
  constructor(engine: Engine, host: LoaderHost) {
    this.#engine = engine;
    this.#address = engine.jwksUri;
    this.#host = host;
    this.#flights = host.flights();
    const { keyStore } = host;
    if (this.#address === '') {
      if (keyStore !== undefined) throw configError('keyStore: a fixed key set (jwks) is never fetched.');
      return;
    }
    // That it is secure, the core has checked.
    if (!URL.canParse(this.#address)) throw configError(`jwksUri is no URL: ${this.#address}`);
    if (keyStore !== undefined) {
      this.#shared = new SharedKeys(keyStore, this.#address, (operation, error) => {
        this.#tell({ type: 'key_store_failed', operation, error });
      });
    }
  }

  /**
   * The verdict, after as much waiting as it takes: most often none, and then there is no promise either.
   *
   * @throws {ScopegateError} the refusal; or the promise rejects with it.
   */
  settle<T>(question: Question<T>, context?: CallContext): T | Promise<T> {
    const answer = question.ask(this.now());
    if (needsSignature(answer) || needsKeys(answer)) return this.#settleLater(question, answer, context);
    return question.read(accepted(answer, this.#failure));
  }

  async #settleLater<T>(question: Question<T>, first: string, context?: CallContext): Promise<T> {
    let answer = first;
    let waits = 0;
    let signature: SignatureAnswer | undefined;
    for (let asked = 1; ; asked++) {
      if (needsSignature(answer)) {
        signature = await this.#host.checkSignature?.(question.token, signatureNeeded(answer));
      } else if (needsKeys(answer)) {
        const { wait, flight } = this.#start(answer, context);
        if (wait) {
          await this.#flights.landed(flight, waits++);
          if (this.#trap !== undefined) throw this.#trap;
          asked = 1;
        }
      } else {
        return question.read(accepted(answer, this.#failure));
      }
      if (asked >= MAX_REPETITIONS) throw defect();
      answer = question.ask(this.now(), signature);
    }
  }

  /**
   * The verdict with what is in memory; fetches are started, but not waited for.
   *
   * @throws {ScopegateError} the refusal; `keys_unavailable` if the verdict would have to wait.
   */
  settleSync<T>(question: Question<T>, context?: CallContext): T {
    for (let repetitions = 0; repetitions < MAX_REPETITIONS; repetitions++) {
      const answer = question.ask(this.now());
      if (!needsKeys(answer)) return question.read(accepted(answer, this.#failure));
      if (this.#start(answer, context).wait) {
        throw hostError(KEYS_UNAVAILABLE, 'Call preload() first, or use verify().', {
          cause: this.#failure,
          retryAfter: 1,
        });
      }
    }
    throw defect();
  }

  /**
   * The time, in milliseconds since the Unix epoch.
   *
   * @throws {ScopegateError} `internal` when the clock gives none.
   */
  now(): number {
    const now = this.#host.clock();
    // Every comparison with NaN is false: no lifetime would be checked.
    if (!Number.isFinite(now)) throw hostError(INTERNAL, 'clock must return milliseconds.');
    return now;
  }

  /** Starts the fetch that an `N` answer asks for, if it does. */
  #start(answer: string, context?: CallContext): { readonly wait: boolean; readonly flight?: Promise<void> } {
    const { wait, fetch } = keysNeeded(answer);
    if (fetch === null) return { wait };
    if (!wait) this.#tell({ type: 'keys_stale' });
    const flight = this.#load(fetch, this.#engine.core, context);
    this.#flights.started(flight);
    context?.waitUntil?.(flight);
    return { wait, flight };
  }

  /** Never rejects: everybody who needs the keys hears of a failure from the core. */
  async #load(fetch: number, asker: Core | undefined, context?: CallContext): Promise<void> {
    this.#trap = undefined;
    const started = performance.now();
    let stale: SharedKeySet | undefined;
    try {
      // Without a store the fetch begins at once: on Workers this may be all the time there is.
      const stored = this.#shared && (await this.#readShared(this.#shared));
      const fresh = stored !== undefined && this.#engine.wouldBeFresh(stored.fetchedAt, this.now());
      if (!fresh) stale = stored;
      if (!fresh || !this.#takeShared((now) => this.#engine.keysShared(asker, fetch, stored, now), started)) {
        const body = await fetchKeySet(this.#address, this.#host.fetch);
        const now = this.now();
        const brought = this.#engine.keysFetched(asker, fetch, body, now);
        if (brought !== undefined) {
          this.#share(body, now, context);
          this.#arrived(brought, 'issuer', started);
        }
      }
      this.#failure = undefined;
    } catch (failure) {
      this.#failure = failure;
      this.#report(failure, asker, fetch);
      this.#tell({ type: 'keys_failed', error: failure, durationMs: performance.now() - started });
      const kept = stale;
      if (kept !== undefined) this.#takeShared((now) => this.#engine.keysKept(asker, kept, now), started);
    }
  }

  /** What others have fetched; `undefined` while there are keys in memory. */
  async #readShared(shared: SharedKeys): Promise<SharedKeySet | undefined> {
    return this.#engine.lacksKeys(this.now()) ? shared.read(this.now()) : undefined;
  }

  /**
   * Takes what others have fetched; whether the fetch need not be made. A stale one may name keys that the issuer has
   * removed: it is only for when the issuer cannot be asked.
   */
  #takeShared(take: (now: number) => KeysChanged | undefined, started: number): boolean {
    try {
      const brought = take(this.now());
      if (brought !== undefined) this.#arrived(brought, 'store', started);
      return brought !== undefined;
    } catch (error) {
      this.#tell({ type: 'key_store_failed', operation: 'get', error });
      if (!isTrap(error)) return false;
      // The core that asked is gone, and its successor must not be given the same again.
      this.#shared = undefined;
      return true;
    }
  }

  #arrived({ changed, generation, keys, rejected }: KeysChanged, source: KeysFetched['source'], started: number): void {
    this.#tell({ type: 'keys_fetched', source, keys, rejected, durationMs: performance.now() - started });
    if (changed && generation > 1) this.#tell({ type: 'keys_rotated', generation });
  }

  #tell(news: KeysNews): void {
    this.#host.observer.keys(this.#address, news);
  }

  /** Nobody waits for the store; on Workers the context lets it finish. */
  #share(body: Uint8Array, fetchedAt: number, context?: CallContext): void {
    const written = this.#shared?.write(body, fetchedAt);
    if (written !== undefined) context?.waitUntil?.(written);
  }

  #report(failure: unknown, asker: Core | undefined, fetch: number): void {
    try {
      if (isTrap(failure)) this.#trap = failure;
      else this.#engine.keysFailed(asker, fetch, this.now());
    } catch (trap) {
      if (isTrap(trap)) this.#trap = trap;
    }
  }
}

function isTrap(failure: unknown): failure is ScopegateError {
  return failure instanceof ScopegateError && failure.code === 'internal';
}
