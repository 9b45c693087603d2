import { configError } from './errors.ts';

/**
 * Refuses options that are no plain object: what a prototype holds is not among their own members, and would be left out
 * without a word.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function checkPlain(options: object, what: string): void {
  const prototype: object | null = Object.getPrototypeOf(options);
  if (prototype === null) return;
  // Object.prototype of any realm, as where test runners isolate code.
  if (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')) return;
  throw configError(`${what} must be a plain object: inherited members would not count.`);
}
