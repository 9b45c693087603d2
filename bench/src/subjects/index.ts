/** Finds subjects by name, each in a module of its own. A library is only loaded when it is asked for. */

import type { TokenSubject } from '../records.ts';
import type { Subject } from './subject.ts';

/** The file name of a subject's module. */
export function moduleOf(name: TokenSubject): string {
  return `./${name.replace('/', '-')}.ts`;
}

export async function load(name: TokenSubject): Promise<Subject> {
  const { subject } = (await import(moduleOf(name))) as { subject: Subject };
  return subject;
}
