import type { ClaimsGlue } from '../claims.ts';

/** Makes a fresh closure of the wasm-bindgen glue; the build writes it. */
export declare function createGlue(): ClaimsGlue;
