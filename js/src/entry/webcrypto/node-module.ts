import { readFileSync } from 'node:fs';

/** The core, compiled from the file beside the package's scripts. */
export const module = new WebAssembly.Module(readFileSync(new URL('../../../wasm/webcrypto_bg.wasm', import.meta.url)));
