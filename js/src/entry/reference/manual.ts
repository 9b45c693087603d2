import { bind } from '../../bind.ts';
import { createGlue } from '../../glue/reference.js';
import { manual } from '../../manual.ts';

export * from '../../exports.ts';
export type { CompiledModule, FetchedModule, Init, InitSync, Manual, ModuleSource } from '../../manual.ts';
export const { init, initSync } = manual(bind, createGlue, 'A');
