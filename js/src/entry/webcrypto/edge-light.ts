import module from '../../../wasm/webcrypto_bg.wasm?module';
import { asyncVerifierFactory } from '../../bind-webcrypto.ts';
import { separateFlights } from '../../flight.ts';
import { createGlue } from '../../glue/webcrypto.js';
import { idTokenVerifier } from '../../id-token.ts';
import { asyncSignatureVerifier } from '../../signature.ts';
import { bindWebCryptoCore } from '../../web-crypto.ts';

export * from '../../exports-webcrypto.ts';

const core = /* @__PURE__ */ bindWebCryptoCore(createGlue, module, separateFlights);

export const createVerifier = /* @__PURE__ */ asyncVerifierFactory(core);
export const verifyIdToken = /* @__PURE__ */ idTokenVerifier(core);
export const verifySignature = /* @__PURE__ */ asyncSignatureVerifier(core);
