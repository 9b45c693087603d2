import type { Glue } from './core.ts';
import { CoreVerifier } from './core-verifier.ts';
import { configError } from './errors.ts';
import type { Flights } from './flight.ts';
import { idTokenVerifier, type VerifyIdToken } from './id-token.ts';
import type { VerifierOptions } from './options.ts';
import { Runtime } from './runtime.ts';
import { asyncSignatureVerifier, type VerifySignatureAsync } from './signature.ts';
import type { CreateAsyncVerifier } from './verifier.ts';
import { webCryptoCheck } from './web-crypto.ts';

/** What needs a core, where WebCrypto checks the signatures. */
export interface BoundToWebCrypto {
  readonly createVerifier: CreateAsyncVerifier;
  readonly verifyIdToken: VerifyIdToken;
  readonly verifySignature: VerifySignatureAsync;
}

/** WebCrypto answers later only. */
class AsyncCoreVerifier extends CoreVerifier {
  override verifySync(): never {
    throw configError('There is no verifySync in scopegate/webcrypto: use verify, or the package "scopegate".');
  }
}

/**
 * Binds the package's functions to a core that leaves signatures to the host; see `bind`.
 *
 * @internal
 */
export function bindWebCrypto(
  createGlue: () => Glue,
  module: WebAssembly.Module,
  flights: () => Flights,
): BoundToWebCrypto {
  const runtime = new Runtime(createGlue, module);
  const checkSignature = webCryptoCheck();
  const hostOf = () => ({ flights: flights(), checkSignature });
  const create = (options: VerifierOptions) => new AsyncCoreVerifier(runtime, hostOf(), options);
  return {
    createVerifier: create as unknown as CreateAsyncVerifier,
    verifyIdToken: idTokenVerifier(runtime, hostOf),
    verifySignature: asyncSignatureVerifier(runtime, checkSignature),
  };
}
