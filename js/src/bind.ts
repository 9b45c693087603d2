import { bindCore } from './bound-core.ts';
import { verifierFactory } from './core-verifier.ts';
import { idTokenVerifier, type VerifyIdToken } from './id-token.ts';
import { signatureVerifier, type VerifySignature } from './signature.ts';
import type { CreateVerifier } from './verifier.ts';

/** What needs a core. */
export interface Bound {
  readonly createVerifier: CreateVerifier;
  readonly verifyIdToken: VerifyIdToken;
  readonly verifySignature: VerifySignature;
}

/**
 * Binds all of the package's functions to one core; see {@link bindCore}.
 *
 * @internal
 */
export function bind(...parameters: Parameters<typeof bindCore>): Bound {
  const core = bindCore(...parameters);
  return {
    createVerifier: verifierFactory(core),
    verifyIdToken: idTokenVerifier(core),
    verifySignature: signatureVerifier(core),
  };
}
