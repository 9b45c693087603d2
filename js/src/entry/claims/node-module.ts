import { readFileSync } from 'node:fs';

/** The module, compiled from the file beside the package's scripts. */
export const module = new WebAssembly.Module(readFileSync(new URL('../../../wasm/claims_bg.wasm', import.meta.url)));
