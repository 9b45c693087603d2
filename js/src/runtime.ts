import type { Glue } from './core.ts';
import { defect, ScopegateError } from './errors.ts';

/** What any glue has. */
interface Instance {
  __wbg_set_wasm(exports: object): void;
}

/**
 * Owns the WebAssembly instance. After a trap the instance's memory can no longer be trusted: the instance is dropped
 * with its glue, the failing call answers `internal`, and the next call finds a new one.
 */
export class Runtime<G extends Instance = Glue> {
  readonly #module: WebAssembly.Module;
  readonly #createGlue: () => G;
  #glue: G | undefined;

  constructor(createGlue: () => G, module: WebAssembly.Module) {
    this.#createGlue = createGlue;
    this.#module = module;
  }

  /**
   * Calls into the current instance. What is thrown there by itself is a trap.
   *
   * @throws {ScopegateError} what `call` throws, or `internal`.
   */
  run<T>(call: (glue: G) => T): T {
    try {
      this.#glue ??= instantiate(this.#createGlue(), this.#module);
      return call(this.#glue);
    } catch (thrown) {
      throw this.failure(thrown);
    }
  }

  /** The current instance's glue; `undefined` when there is none yet, or none any more. */
  get glue(): G | undefined {
    return this.#glue;
  }

  /** The error to throw for what a call into the current instance threw; a trap ends the instance. */
  failure(thrown: unknown): ScopegateError {
    if (thrown instanceof ScopegateError) return thrown;
    this.#retire();
    return defect(thrown);
  }

  #retire(): void {
    // Objects of the dropped instance are still to be finalized: their destructors must find something harmless.
    this.#glue?.__wbg_set_wasm({ __wbg_core_free: () => undefined });
    this.#glue = undefined;
  }
}

/**
 * Gives the glue an instance of its own.
 *
 * @throws what the host does when the module is not the one that the glue was made for.
 */
export function instantiate<G extends Instance>(glue: G, module: WebAssembly.Module): G {
  const imports = WebAssembly.Module.imports(module).map(({ module }) => [module, glue]);
  const { exports } = new WebAssembly.Instance(module, Object.fromEntries(imports));
  glue.__wbg_set_wasm(exports);
  (exports as { __wbindgen_start?: () => void }).__wbindgen_start?.();
  return glue;
}
