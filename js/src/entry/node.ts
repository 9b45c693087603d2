import { bindCore } from '../bound-core.ts';
import { verifierFactory } from '../core-verifier.ts';
import { sharedFlights } from '../flight.ts';
import { createGlue } from '../glue/scopegate.js';
import { idTokenVerifier } from '../id-token.ts';
import { signatureVerifier } from '../signature.ts';
import { module } from './node-module.ts';

export * from '../exports.ts';

const core = /* @__PURE__ */ bindCore(createGlue, module, sharedFlights);

export const createVerifier = /* @__PURE__ */ verifierFactory(core);
export const verifyIdToken = /* @__PURE__ */ idTokenVerifier(core);
export const verifySignature = /* @__PURE__ */ signatureVerifier(core);
