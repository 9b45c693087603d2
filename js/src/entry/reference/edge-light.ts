import module from '../../../wasm/reference_bg.wasm?module';
import { bind } from '../../bind.ts';
import { separateFlights } from '../../flight.ts';
import { createGlue } from '../../glue/reference.js';

export * from '../../exports.ts';
export const { createVerifier, verifyIdToken, verifySignature } = bind(createGlue, module, separateFlights);
