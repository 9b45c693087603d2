import { bind } from '../bind.ts';
import { sharedFlights } from '../flight.ts';
import { createGlue } from '../glue/scopegate.js';
import { module } from './inline-module.ts';

export * from '../exports.ts';
export const { createVerifier, verifyIdToken, verifySignature } = bind(createGlue, module, sharedFlights);
