/** Finds subjects by name. A library is only loaded when it is asked for. */

import type { SubjectName } from '../records.ts';
import type { Subject } from './subject.ts';

/** Those that verify one token at a time, in the order of the tables; each has a module of its own. */
export const TOKEN_SUBJECTS = [
  'scopegate',
  'scopegate/webcrypto',
  'scopegate/reference',
  'jose',
  'fast-jwt',
  'fast-jwt-cache',
  'jsonwebtoken',
  'aws-jwt-verify',
  'native',
] as const satisfies readonly SubjectName[];
export type TokenSubject = (typeof TOKEN_SUBJECTS)[number];

/** The file name of a subject's module. */
export function moduleOf(name: TokenSubject): string {
  return `./${name.replace('/', '-')}.ts`;
}

export async function load(name: TokenSubject): Promise<Subject> {
  const { subject } = (await import(moduleOf(name))) as { subject: Subject };
  return subject;
}
