import { bindWebCrypto } from '../../bind-webcrypto.ts';
import { createGlue } from '../../glue/webcrypto.js';
import { manual } from '../../manual.ts';

export * from '../../exports-webcrypto.ts';
export type { CompiledModule, FetchedModule, Init, InitSync, Manual, ModuleSource } from '../../manual.ts';
export const { init, initSync } = manual(bindWebCrypto, createGlue, 'S');
