import type { Host } from '../host.ts';
import { BUNDLERS } from './bundlers.ts';
import { EDGES } from './edges.ts';
import { NEXT } from './next.ts';
import { SCRIPTS } from './scripts.ts';

/** Every host, in the order of docs/hosts.md. */
export const HOSTS: readonly Host[] = [...SCRIPTS, ...EDGES, ...BUNDLERS, ...NEXT];
