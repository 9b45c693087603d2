import { configError } from './errors.ts';

/**
 * Refuses options that are no plain object: what a prototype holds is not among their own members, and would be left out
 * without a word.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function checkPlain(options: unknown, what: string): asserts options is object {
  if (!isPlain(options)) throw configError(`${what} must be a plain object.`);
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  // Object.prototype of any realm, as where test runners isolate code.
  return prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'));
}
