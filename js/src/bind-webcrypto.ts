import type { bindCore } from './bound-core.ts';
import { CoreVerifier } from './core-verifier.ts';
import { configError } from './errors.ts';
import { idTokenVerifier, type VerifyIdToken } from './id-token.ts';
import type { VerifierOptions } from './options.ts';
import { asyncSignatureVerifier, type VerifySignatureAsync } from './signature.ts';
import type { CreateAsyncVerifier } from './verifier.ts';
import { bindWebCryptoCore, type WebCryptoCore } from './web-crypto.ts';

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
 * Binds `createVerifier` to a core that leaves signatures to the host.
 *
 * @internal
 */
export function asyncVerifierFactory(core: WebCryptoCore): CreateAsyncVerifier {
  return ((options: VerifierOptions) => new AsyncCoreVerifier(core, options)) as unknown as CreateAsyncVerifier;
}

/**
 * Binds all of the package's functions to such a core; see `bind`.
 *
 * @internal
 */
export function bindWebCrypto(...parameters: Parameters<typeof bindCore>): BoundToWebCrypto {
  const core = bindWebCryptoCore(...parameters);
  return {
    createVerifier: asyncVerifierFactory(core),
    verifyIdToken: idTokenVerifier(core),
    verifySignature: asyncSignatureVerifier(core),
  };
}
