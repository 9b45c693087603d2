import module from '../../../wasm/webcrypto_bg.wasm?module';
import { bindWebCrypto } from '../../bind-webcrypto.ts';
import { separateFlights } from '../../flight.ts';
import { createGlue } from '../../glue/webcrypto.js';

export * from '../../exports-webcrypto.ts';
export const { createVerifier, verifyIdToken, verifySignature } = bindWebCrypto(createGlue, module, separateFlights);
