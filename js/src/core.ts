/**
 * The WebAssembly core as wasm-bindgen presents it. Answers are one string whose first character says what follows:
 * `A` accepted, `N` keys needed, `S` signature to be checked by the host, `E` refused, `R` report; the rest is JSON (see
 * `answer.ts`).
 */
export interface Core {
  /** `A` and its number. */
  requirement(text: string): string;
  clear_requirements(): void;
  /**
   * The host's word on the signature of the token that is judged next; `valid` is `undefined` for a bad key. Only where
   * the core leaves signatures to the host.
   */
  signature_checked?(key: string, algorithm: string, valid: boolean | undefined): void;
  /** @param explain whether a report is wanted in place of a verdict. */
  verify(token: string, requirement: number, organization: string | undefined, nowMs: number, explain: boolean): string;
  /** Keeps the token of the acceptance just given; its slot. */
  remember(): number | undefined;
  forget(slot: number): void;
  still_accepts(slot: number, requirement: number, organization: string | undefined, nowMs: number): boolean;
  check_scopes(requirement: number, scope: string): string;
  preload(nowMs: number): string;
  keys_fetched(fetch: number, body: Uint8Array, nowMs: number): string;
  keys_failed(fetch: number, nowMs: number): void;
  restore_keys(body: Uint8Array, fetchedAtMs: number, nowMs: number): string;
  /** Whether a key set that was fetched then would be within its TTL. */
  would_be_fresh(fetchedAtMs: number, nowMs: number): boolean;
  /** `A` and the address, nothing more with a fixed key set; `E` if the options are invalid. */
  jwks_uri(): string;
}

/** The wasm-bindgen glue around one WebAssembly instance. */
export interface Glue {
  /** @param options as JSON text. */
  readonly Core: new (
    options: string,
  ) => Core;
  /** @param question `{token, jwks, algorithms}` as JSON text, with the members of the host's answer to `S`. */
  verify_signature(question: string): string;
  /** @param question the `code` and `missing` of an error and the options of a challenge, as JSON text. */
  challenge(question: string): string;
  bearer_token(authorization: string | undefined): string;
  __wbg_set_wasm(exports: object): void;
}
