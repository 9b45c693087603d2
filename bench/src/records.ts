/** What a run leaves behind, and what may be asked for. */

export const SUITES = [
  'verify',
  'verify-repeated',
  'express',
  'cold-start',
  'key-import',
  'size',
  'memory',
  'python',
  'fastapi',
] as const;
export type SuiteName = (typeof SUITES)[number];

export const JAVASCRIPT_HOSTS = ['node', 'deno', 'bun', 'workerd'] as const;
export type JavaScriptHost = (typeof JAVASCRIPT_HOSTS)[number];
export const HOSTS = [...JAVASCRIPT_HOSTS, 'python'] as const;
export type HostName = (typeof HOSTS)[number];

/** Those that verify one token at a time, in the order of the tables. */
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
] as const;
export type TokenSubject = (typeof TOKEN_SUBJECTS)[number];

/** Python's, in the order of the tables; `scopegate` is there, too. */
export const PYTHON_SUBJECTS = ['PyJWT', 'python-jose', 'joserfc', 'Authlib'] as const;

export const SUBJECTS = [
  ...TOKEN_SUBJECTS,
  ...PYTHON_SUBJECTS,
  'express-oauth2-jwt-bearer',
  'express+jose',
  'fastapi+python-jose',
  'none',
] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** One figure; exactly which of the optional quantities it has follows from the suite. */
export interface Result {
  suite: SuiteName;
  host: HostName;
  /** As in JOSE, `RS256-4096` for the long key; `null` where no algorithm plays a part. */
  algorithm: string | null;
  subject: SubjectName;
  /** The median over the rounds of the time for one operation, in microseconds. */
  median_us?: number;
  /** Requests per second, the median over the rounds. */
  per_second?: number;
  /** key-import: memory per key; size: gzipped; memory: of the WebAssembly memory. */
  bytes?: number;
  /** The median over the rounds, in milliseconds. */
  ms?: number;
  /** How many rounds the figure is the median of. */
  rounds: number;
  /** express, fastapi, python: whether every token was another one. */
  tokens?: 'distinct' | 'repeated';
  /** express, fastapi: whether the server had one processor, and the load came from others. */
  pinned?: boolean;
  /** verify-repeated: the size of the key set, where it is not 1. */
  keys?: number;
  /** size: before compression. memory: before the load. */
  raw_bytes?: number;
  /** memory: what the load was. */
  load?: string;
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 1 ? middle : middle - 1];
  if (upper === undefined || lower === undefined) throw new Error('no values, no median');
  return (lower + upper) / 2;
}

/** Rounded to what a measurement can mean: four digits, no fraction of a byte or a millionth of a microsecond. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
