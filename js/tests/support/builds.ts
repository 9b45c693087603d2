import { describe } from 'node:test';
import * as standard from 'scopegate';
import * as reference from 'scopegate/reference';
import * as webcrypto from 'scopegate/webcrypto';

/** One of the package's builds: the same functions on another signature engine. */
export interface Build extends Pick<typeof standard, 'createVerifier' | 'verifyIdToken' | 'ScopegateError'> {
  /** What it is imported as. */
  readonly name: string;
  /** Whether its verifiers have `verifySync`. */
  readonly sync: boolean;
  verifySignature(
    ...parameters: Parameters<standard.VerifySignature>
  ): standard.VerifiedSignature | Promise<standard.VerifiedSignature>;
}

/** All builds. Each suite that depends on the core runs on all of them. */
export const BUILDS: readonly Build[] = [
  { ...standard, name: 'scopegate', sync: true },
  { ...reference, name: 'scopegate/reference', sync: true },
  // Its types have no verifySync; tests that need it ask for `sync`.
  { ...(webcrypto as typeof webcrypto & Pick<Build, 'createVerifier'>), name: 'scopegate/webcrypto', sync: false },
];

/** Declares a suite on each of them. */
export function onEveryBuild(suite: (build: Build) => void): void {
  for (const build of BUILDS) describe(build.name, () => suite(build));
}
