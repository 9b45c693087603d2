import { bindWebCrypto } from '../../bind-webcrypto.ts';
import { sharedFlights } from '../../flight.ts';
import { createGlue } from '../../glue/webcrypto.js';
import { module } from './inline-module.ts';

export * from '../../exports-webcrypto.ts';
export const { createVerifier, verifyIdToken, verifySignature } = bindWebCrypto(createGlue, module, sharedFlights);
