import type { Glue } from './core.ts';
import type { Flights } from './flight.ts';
import type { VerifierHost } from './loader.ts';
import { Runtime } from './runtime.ts';

/**
 * A core, and what its host does for it. The package's functions are bound to it one by one, so that bundlers leave out
 * those that a program does not use.
 */
export interface BoundCore extends VerifierHost {
  readonly runtime: Runtime;
}

/**
 * Makes what the package's functions are bound to.
 *
 * @param createGlue makes the wasm-bindgen glue of an instance.
 * @param module the compiled core.
 * @param flights how this host waits for a fetch that is under way; called once for each verifier.
 * @internal
 */
export function bindCore(createGlue: () => Glue, module: WebAssembly.Module, flights: () => Flights): BoundCore {
  return { runtime: new Runtime(createGlue, module), flights };
}
