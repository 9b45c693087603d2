import module from '../../wasm/scopegate_bg.wasm?module';
import { bind } from '../bind.ts';
import { separateFlights } from '../flight.ts';
import { createGlue } from '../glue/scopegate.js';

export * from '../exports.ts';
export const { createVerifier, verifyIdToken, verifySignature } = bind(createGlue, module, separateFlights);
