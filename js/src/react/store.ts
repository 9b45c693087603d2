import type { TokenSession } from './access.ts';
import { accessOf, type BrowserVerifier, keyOf, type Target, type TokenAccess } from './token-access.ts';

/** After a token's expiry an SDK that goes by its own clock may still hand out the old one for as long. */
const AFTER_EXPIRY_MS = 1000;

/** The longest pause between attempts to get a token that has not expired. */
const MAX_PAUSE_MS = 60_000;

/** The longest time that `setTimeout` can wait. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The state of one provider, outside of React: asks for a token when it is started and when one expires, and tells its
 * listeners what came of it. One request is under way at a time; the answer to an earlier one is dropped.
 */
export class AccessStore {
  readonly #listeners = new Set<() => void>();
  #session: TokenSession | undefined;
  #verifier: BrowserVerifier | undefined;
  #target: Target | undefined;
  #access: TokenAccess | undefined;
  #pending: { readonly key: string; readonly done: Promise<void> } | undefined;
  #refreshing: Promise<void> | undefined;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How often in a row the token had expired when it came. */
  #stale = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What is known, of the latest target that an answer came for. */
  readonly getSnapshot = (): TokenAccess | undefined => this.#access;

  /** A server has no token. */
  readonly getServerSnapshot = (): undefined => undefined;

  /** Takes what the next request is made with: the functions may be new ones with every render. */
  equip(session: TokenSession, verifier: BrowserVerifier | undefined): void {
    this.#session = session;
    this.#verifier = verifier;
  }

  /** Sees to a token for `target` until the returned function is called. Nothing is lost if it is started again then. */
  start(target: Target): () => void {
    this.#target = target;
    this.#running = true;
    if (this.#access?.key === keyOf(target)) this.#schedule(this.#access.expiresAt);
    else void this.#load(target);
    return () => {
      this.#running = false;
      clearTimeout(this.#timer);
    };
  }

  /** Nobody is signed in any more: forgets everything. */
  reset(): void {
    this.#target = undefined;
    this.#pending = undefined;
    this.#publish(undefined);
  }

  /** Gets a new token. Calls while one is under way join it. */
  readonly refresh = (): Promise<void> => {
    this.#refreshing ??= this.#renew().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  };

  async #renew(): Promise<void> {
    // What the SDK says of this does not matter: a token that could not be forgotten is the one that comes back.
    await this.#session?.clearAccessToken?.().catch(() => undefined);
    this.#pending = undefined;
    if (this.#target !== undefined) await this.#load(this.#target, true);
  }

  #load(target: Target, fresh = false): Promise<void> {
    const key = keyOf(target);
    if (this.#session === undefined) return Promise.resolve();
    if (this.#pending?.key === key) return this.#pending.done;
    const pending = {
      key,
      done: accessOf(this.#session, this.#verifier, target, fresh).then((access) => {
        if (this.#pending !== pending) return;
        this.#pending = undefined;
        this.#publish(access);
        if (this.#running) this.#schedule(access.expiresAt);
      }),
    };
    this.#pending = pending;
    return pending.done;
  }

  #publish(access: TokenAccess | undefined): void {
    if (this.#access === access) return;
    this.#access = access;
    for (const listener of this.#listeners) listener();
  }

  /** Asks again when the token has expired. */
  #schedule(expiresAt: number | undefined): void {
    clearTimeout(this.#timer);
    if (expiresAt === undefined) return;
    const left = expiresAt * 1000 + AFTER_EXPIRY_MS - Date.now();
    this.#stale = left > 0 ? 0 : this.#stale + 1;
    const pause = Math.min(2 ** this.#stale * 500, MAX_PAUSE_MS);
    this.#timer = setTimeout(
      () => {
        if (this.#target === undefined) return;
        // A timer that could not wait long enough only waits on.
        if (left > MAX_TIMEOUT_MS) this.#schedule(expiresAt);
        else void this.#load(this.#target);
      },
      Math.min(Math.max(left, pause), MAX_TIMEOUT_MS),
    );
  }
}
