import { accepted, type KeysChanged, keysChanged, needsKeys, refusal, type SignatureAnswer } from './answer.ts';
import type { Core } from './core.ts';
import type { SharedKeySet } from './key-store/shared-keys.ts';
import { RequirementIds } from './requirement-ids.ts';
import type { Runtime } from './runtime.ts';

/** What a core is asked about a token; `scopes` is JSON text. */
type CoreQuestion = [
  token: string,
  scopes: string,
  organization: string | undefined,
  now: number,
  signature?: SignatureAnswer | undefined,
];

/** A program knows few requirements, and its users few lists of scopes. */
const MAX_PAIRS = 1000;
/** Most are much shorter. */
const MAX_PAIR_LENGTH = 1000;

/** A `Core` that outlives the instance it lives in: after a trap it is built again, with the keys it had. */
export class Engine {
  readonly #runtime: Runtime;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #requirements = new RequirementIds();
  /** Granted scopes and requirements that they met. With the same options they always will. */
  readonly #sufficient = new Set<string>();
  /** Where the key set is; empty with a fixed one. */
  readonly jwksUri: string;
  #core: Core | undefined;
  #home: object | undefined;
  #settled: { readonly body: Uint8Array; readonly fetchedAt: number } | undefined;
  /** The fetch that `#settled` came by, in the numbers of the present core. */
  #newest = 0;

  /** @throws {ScopegateError} `config_invalid` */
  constructor(runtime: Runtime, options: Readonly<Record<string, unknown>>) {
    this.#runtime = runtime;
    this.#options = options;
    this.jwksUri = accepted(this.#use((core) => core.jwks_uri()));
  }

  verify(...question: CoreQuestion): string {
    return this.#ask(question, false);
  }

  explain(...question: CoreQuestion): string {
    return this.#ask(question, true);
  }

  #ask([token, scopes, organization, now, signature]: CoreQuestion, explain: boolean): string {
    return this.#use((core) => {
      const id = this.#requirements.of(core, scopes);
      if (signature !== undefined) core.signature_checked?.(signature.key, signature.algorithm, signature.valid);
      return core.verify(token, id, organization, now, explain);
    });
  }

  /** Whether these scopes, separated by spaces, meet a requirement: `A`, or `E` and the error. */
  checkScopes(scopes: string, granted: string): string {
    // JSON text has no line breaks: one pair is not mistaken for another.
    const pair = `${granted}\n${scopes}`;
    if (this.#sufficient.has(pair)) return 'A';
    const answer = this.#use((core) => core.check_scopes(this.#requirements.of(core, scopes), granted));
    if (answer === 'A' && pair.length <= MAX_PAIR_LENGTH) {
      if (this.#sufficient.size >= MAX_PAIRS) this.#sufficient.clear();
      this.#sufficient.add(pair);
    }
    return answer;
  }

  preload(now: number): string {
    return this.#use((core) => core.preload(now));
  }

  /** Whether there are no keys to work with, or only such as are too old. */
  lacksKeys(now: number): boolean {
    return needsKeys(this.preload(now));
  }

  /** Keeps the token that was accepted last; its slot in {@link Engine.core}. */
  remember(): number | undefined {
    return this.#use((core) => core.remember());
  }

  /** Lets go of a remembered token. */
  forget(slot: number): void {
    this.#use((core) => core.forget(slot));
  }

  /**
   * Whether a remembered token would be accepted again. `false`: only a full verification can tell.
   *
   * Written out, without a closure: this is all that a repeated token costs.
   */
  stillAccepts(slot: number, scopes: string, organization: string | undefined, now: number): boolean {
    const { core } = this;
    if (core === undefined) return false;
    try {
      return core.still_accepts(slot, this.#requirements.of(core, scopes), organization, now);
    } catch (thrown) {
      throw this.#runtime.failure(thrown);
    }
  }

  /**
   * The present core, `undefined` if its instance is gone. It owns the slots of remembered tokens, and it is who asks for
   * a fetch: a report to another one would answer a question it never asked.
   */
  get core(): Core | undefined {
    return this.#home === this.#runtime.glue ? this.#core : undefined;
  }

  /**
   * Hands over a fetched key set.
   *
   * @returns what it brought; `undefined` if it is not the newest.
   * @throws {ScopegateError} why it is unusable; the core then counts the fetch as failed.
   */
  keysFetched(asker: Core | undefined, fetch: number, body: Uint8Array, now: number): KeysChanged | undefined {
    const answer = this.#use((core) => (core === asker ? core.keys_fetched(fetch, body, now) : undefined));
    if (answer === undefined) return undefined;
    if (answer.startsWith('E')) throw refusal(answer);
    if (fetch <= this.#newest) return undefined;
    this.#newest = fetch;
    this.#settled = { body, fetchedAt: now };
    return keysChanged(answer);
  }

  /** Whether a key set that was fetched then may decide without asking the issuer what it has now. */
  wouldBeFresh(fetchedAt: number, now: number): boolean {
    return this.#use((core) => core.would_be_fresh(fetchedAt, now));
  }

  /**
   * Hands over what another verifier fetched, in place of a fetch that the core asked for: the core counts it as made
   * then.
   *
   * @returns what it brought; `undefined` if the fetch is still to be made.
   * @throws {ScopegateError} why it is unusable; the fetch is still to be made.
   */
  keysShared(asker: Core | undefined, fetch: number, shared: SharedKeySet, now: number): KeysChanged | undefined {
    // Tried first: as the answer to the fetch a bad one would count as the issuer's failure.
    if (!this.#restoreShared(asker, shared, now)) return undefined;
    return this.keysFetched(asker, fetch, shared.body, shared.fetchedAt);
  }

  /**
   * Hands over what another verifier fetched, after a fetch that failed: it serves as long as it may without its issuer.
   *
   * @returns what it brought; `undefined` if it is too old for anything.
   * @throws {ScopegateError} why it is unusable.
   */
  keysKept(asker: Core | undefined, shared: SharedKeySet, now: number): KeysChanged | undefined {
    if (!this.#restoreShared(asker, shared, now) || !this.preload(now).startsWith('A')) return undefined;
    this.#settled = shared;
    // No fetch has this number: the answer says what is in the key set, and changes nothing.
    const answer = this.#use((core) => core.keys_fetched(0, shared.body, shared.fetchedAt));
    return answer.startsWith('A') ? keysChanged(answer) : undefined;
  }

  #restoreShared(asker: Core | undefined, { body, fetchedAt }: SharedKeySet, now: number): boolean {
    const answer = this.#use((core) => (core === asker ? core.restore_keys(body, fetchedAt, now) : undefined));
    if (answer?.startsWith('E')) throw refusal(answer);
    return answer !== undefined;
  }

  keysFailed(asker: Core | undefined, fetch: number, now: number): void {
    this.#use((core) => {
      if (core === asker) core.keys_failed(fetch, now);
    });
  }

  #use<T>(call: (core: Core) => T): T {
    return this.#runtime.run((glue) => {
      if (this.#core === undefined || this.#home !== glue) {
        this.#core = new glue.Core(JSON.stringify(this.#options));
        this.#home = glue;
        this.#requirements.clear();
        this.#newest = 0;
        this.#restore(this.#core);
      }
      return call(this.#core);
    });
  }

  #restore(core: Core): void {
    // Forgotten first: should this very key set be what traps, the next attempt starts without it.
    const settled = this.#settled;
    this.#settled = undefined;
    if (settled === undefined) return;
    core.restore_keys(settled.body, settled.fetchedAt, settled.fetchedAt);
    this.#settled = settled;
  }
}
