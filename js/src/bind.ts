import type { Glue } from './core.ts';
import { CoreVerifier } from './core-verifier.ts';
import type { Flights } from './flight.ts';
import { idTokenVerifier, type VerifyIdToken } from './id-token.ts';
import type { VerifierOptions } from './options.ts';
import { Runtime } from './runtime.ts';
import { signatureVerifier, type VerifySignature } from './signature.ts';
import type { CreateVerifier } from './verifier.ts';

/** What needs a core. */
export interface Bound {
  readonly createVerifier: CreateVerifier;
  readonly verifyIdToken: VerifyIdToken;
  readonly verifySignature: VerifySignature;
}

/**
 * Binds the package's functions to one core.
 *
 * @param createGlue makes the wasm-bindgen glue of an instance.
 * @param module the compiled core.
 * @param flights how this host waits for a fetch that is under way; called once for each verifier.
 * @internal
 */
export function bind(createGlue: () => Glue, module: WebAssembly.Module, flights: () => Flights): Bound {
  const runtime = new Runtime(createGlue, module);
  const hostOf = () => ({ flights: flights() });
  return {
    createVerifier: ((options: VerifierOptions) => new CoreVerifier(runtime, hostOf(), options)) as CreateVerifier,
    verifyIdToken: idTokenVerifier(runtime, hostOf),
    verifySignature: signatureVerifier(runtime),
  };
}
