import type { Glue } from '../core.ts';

/** Makes a fresh closure of the wasm-bindgen glue; the build writes it. */
export declare function createGlue(): Glue;
