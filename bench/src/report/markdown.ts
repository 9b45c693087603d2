/** The figures as Markdown tables. */

import { JAVASCRIPT_HOSTS, type Result, type SuiteName } from '../records.ts';
import { distinct, find, type Quantity, ratio } from './figures.ts';
import { figure, table, times } from './table.ts';

/** One table or more for each suite that has results. */
export function tables(results: readonly Result[]): string {
  const of = (suite: SuiteName) => results.filter((result) => result.suite === suite);
  return [
    ...JAVASCRIPT_HOSTS.flatMap((host) => verifyTables(of('verify').filter((result) => result.host === host))),
    ...repeatedTable(of('verify-repeated')),
    ...serverTable('Express', of('express')),
    ...coldTable(of('cold-start')),
    ...keyTable(of('key-import')),
    ...sizeTable(of('size')),
    ...memoryTable(of('memory')),
    ...pythonTables(of('python')),
    ...serverTable('FastAPI', of('fastapi')),
  ].join('\n\n');
}

/** Rows by algorithm (or another member), columns by subject. */
function grid(results: readonly Result[], quantity: Quantity, rowsBy: 'algorithm' | 'host'): string {
  const subjects = distinct(results, 'subject');
  const rows = distinct(results, rowsBy).map((row) => [
    String(row),
    ...subjects.map((subject) => figure(find(results, { [rowsBy]: row, subject }, quantity))),
  ]);
  return table(['', ...subjects], rows);
}

function verifyTables(results: readonly Result[]): string[] {
  const [{ host } = { host: undefined }] = results;
  if (host === undefined) return [];
  const native = host === 'node' ? '`crypto.verify`' : '`crypto.subtle.verify`';
  return [
    `### First-seen tokens in ${host}\n\nMicroseconds for one verification; native is ${native} alone, without any JWT work.`,
    grid(results, 'median_us', 'algorithm'),
    `How many times as fast as …`,
    ratios(results),
  ];
}

function ratios(results: readonly Result[]): string {
  const subjects = distinct(results, 'subject');
  const ours = subjects.filter((subject) => subject === 'scopegate' || subject === 'scopegate/webcrypto');
  const peers = subjects.filter((subject) => subject === 'jose' || subject === 'fast-jwt' || subject === 'native');
  const columns = ours.flatMap((our) => peers.map((peer) => ({ our, peer })));
  const rows = distinct(results, 'algorithm').map((algorithm) => {
    const us = (subject: Result['subject']) => find(results, { algorithm, subject }, 'median_us');
    return [String(algorithm), ...columns.map(({ our, peer }) => times(ratio(us(peer), us(our))))];
  });
  return table(['', ...columns.map(({ our, peer }) => `${our} : ${peer}`)], rows);
}

function repeatedTable(results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const crowd = results.find(({ keys }) => keys !== undefined);
  const alone = find(results, { algorithm: crowd?.algorithm ?? null, subject: 'scopegate' }, 'median_us');
  const sentence =
    crowd === undefined
      ? ''
      : ` With ${crowd.keys} keys in the set instead of one, scopegate takes ${figure(crowd.median_us)} µs instead of ${figure(alone)} (${crowd.algorithm}).`;
  return [
    `### Repeated tokens in node\n\nMicroseconds for one verification of a token seen before.${sentence}`,
    grid(
      results.filter(({ keys }) => keys === undefined),
      'median_us',
      'algorithm',
    ),
  ];
}

function serverTable(name: string, results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const subjects = distinct(results, 'subject');
  const cases = new Map(
    results.map(({ algorithm, tokens, pinned }) => [
      `${algorithm}, ${tokens} tokens${pinned ? '' : ', not pinned'}`,
      { algorithm, tokens, pinned } as Partial<Result>,
    ]),
  );
  const rows = [...cases].map(([title, where]) => [
    title,
    ...subjects.map((subject) => figure(find(results, { ...where, subject }, 'per_second'))),
  ]);
  const about =
    'Requests per second over HTTP on loopback. The server has one processor and the load comes from the others; where it is not pinned, servers that verify on further threads compete with the load for them.';
  return [`### ${name}\n\n${about}`, table(['', ...subjects], rows)];
}

function pythonTables(results: readonly Result[]): string[] {
  return (['distinct', 'repeated'] as const).flatMap((tokens) => {
    const shown = results.filter((result) => result.tokens === tokens);
    if (shown.length === 0) return [];
    const title = tokens === 'distinct' ? 'First-seen tokens in Python' : 'Repeated tokens in Python';
    return [`### ${title}\n\nMicroseconds for one verification.`, grid(shown, 'median_us', 'algorithm')];
  });
}

function coldTable(results: readonly Result[]): string[] {
  return distinct(results, 'algorithm').flatMap((algorithm) => [
    `### Cold start, ${algorithm}\n\nMilliseconds from the start of the process to the first verified token (workerd: to the first answered request); none is the same program without a verifier.`,
    grid(
      results.filter((result) => result.algorithm === algorithm),
      'ms',
      'host',
    ),
  ]);
}

function keyTable(results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const subjects = distinct(results, 'subject');
  const withBytes = subjects.filter((subject) =>
    results.some((result) => result.subject === subject && result.bytes !== undefined),
  );
  const rows = distinct(results, 'algorithm').map((algorithm) => [
    String(algorithm),
    ...subjects.map((subject) => figure(find(results, { algorithm, subject }, 'median_us'))),
    ...withBytes.map((subject) => figure(find(results, { algorithm, subject }, 'bytes'))),
  ]);
  const head = ['', ...subjects.map((subject) => `${subject}, µs`), ...withBytes.map((subject) => `${subject}, bytes`)];
  return ['### One key: import until it verifies, and WebAssembly memory', table(head, rows)];
}

function sizeTable(results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const rows = results.map(({ subject, raw_bytes, bytes }) => [subject, figure(raw_bytes), figure(bytes)]);
  return [
    '### What a bundler ships\n\nBytes, minified by esbuild for Workers, with the WebAssembly module.',
    table(['', 'bytes', 'gzipped'], rows),
  ];
}

function memoryTable(results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  const rows = results.map(({ load, raw_bytes, bytes }) => [load ?? '', figure(raw_bytes), figure(bytes)]);
  return [
    '### WebAssembly memory under load\n\nBytes; before the load there was a tenth of it, which filled all caches.',
    table(['', 'before', 'after'], rows),
  ];
}
