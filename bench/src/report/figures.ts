/** Looking up results. */

import type { Result } from '../records.ts';

export type Quantity = 'median_us' | 'per_second' | 'bytes' | 'raw_bytes' | 'ms';

/** The quantity of the first result that agrees with `where`; a result with more keys than one only if that is asked for. */
export function find(results: readonly Result[], where: Partial<Result>, quantity: Quantity): number | undefined {
  const wanted = Object.entries({ keys: undefined, ...where }) as [keyof Result, unknown][];
  return results.find((result) => wanted.every(([name, value]) => result[name] === value))?.[quantity];
}

/** `a / b`, when both are there. */
export function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}

/** What `a` is above `b`; `undefined` unless both are known. */
export function difference(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}

/** The distinct values of a member, in the order of their first appearance. */
export function distinct<Name extends keyof Result>(results: readonly Result[], name: Name): Result[Name][] {
  return [...new Set(results.map((result) => result[name]))];
}
