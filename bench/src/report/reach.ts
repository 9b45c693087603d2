/** The aims of the project, and whether a run reached them. */

import type { Result, SubjectName } from '../records.ts';
import { difference, find, ratio } from './figures.ts';
import { figure, table, times } from './table.ts';

interface Aim {
  what: string;
  measured: number | undefined;
  /** At least (a ratio), or at most (a cost). */
  least?: number;
  most?: number;
  unit: 'times' | 'µs' | 'bytes';
}

/** A row for each aim that the results speak of. */
export function reachTable(results: readonly Result[]): string {
  const rows = aims(results)
    .filter(({ measured }) => measured !== undefined)
    .map((aim) => [
      aim.what,
      `${aim.least === undefined ? '≤' : '≥'} ${shown(aim, aim.least ?? aim.most)}`,
      shown(aim, aim.measured),
      reached(aim) ? 'reached' : 'missed',
    ]);
  if (rows.length === 0) return '';
  return `### Reach\n\n${table(['', 'aim', 'measured', ''], rows)}`;
}

function aims(results: readonly Result[]): Aim[] {
  return [...firstSeen(results), ...others(results), ...python(results)];
}

/** Algorithm, against jose, against fast-jwt without its cache. */
const FIRST_SEEN: readonly (readonly [string, number, number | undefined])[] = [
  ['ES384', 8, 7],
  ['ES512', 6, 6],
  ['ES256', 4, 1.5],
  ['RS256', 3, 0.8],
  ['PS256', 3, 0.8],
  ['RS256-4096', 1.5, undefined],
  ['EdDSA', 1.4, 0.8],
];

function firstSeen(results: readonly Result[]): Aim[] {
  const against = (algorithm: string, host: Result['host'], peer: SubjectName, least: number): Aim => {
    const us = (subject: SubjectName) => find(results, { suite: 'verify', host, algorithm, subject }, 'median_us');
    const what = `${algorithm} in ${host}, against ${peer}`;
    return { what, measured: ratio(us(peer), us('scopegate')), least, unit: 'times' };
  };
  return [
    ...FIRST_SEEN.flatMap(([algorithm, jose, fastJwt]) => [
      against(algorithm, 'node', 'jose', jose),
      ...(fastJwt === undefined ? [] : [against(algorithm, 'node', 'fast-jwt', fastJwt)]),
    ]),
    ...(['deno', 'bun', 'workerd'] as const).map((host) => against('ES384', host, 'native', 3)),
  ];
}

/** In Python, against PyJWT. */
function python(results: readonly Result[]): Aim[] {
  const aims = [
    ['first-seen', 'distinct', 4],
    ['repeated', 'repeated', 5],
  ] as const;
  return aims.map(([what, tokens, least]) => {
    const us = (subject: SubjectName) =>
      find(results, { suite: 'python', host: 'python', algorithm: 'ES384', tokens, subject }, 'median_us');
    return {
      what: `${what} ES384 token in Python, against PyJWT`,
      measured: ratio(us('PyJWT'), us('scopegate')),
      least,
      unit: 'times',
    };
  });
}

function others(results: readonly Result[]): Aim[] {
  const get = (where: Partial<Result>, quantity: 'median_us' | 'per_second' | 'bytes' | 'raw_bytes' | 'ms') =>
    find(results, { algorithm: 'ES384', host: 'node', ...where }, quantity);
  const repeated = (subject: SubjectName, keys?: number) =>
    get({ suite: 'verify-repeated', subject, keys } as Partial<Result>, 'median_us');
  const express = (subject: SubjectName, pinned: boolean) =>
    get({ suite: 'express', subject, tokens: 'distinct', pinned }, 'per_second');
  const expressAim = (pinned: boolean): Aim => ({
    what: `Express, distinct ES384 tokens${pinned ? '' : ', not pinned'}, against express-oauth2-jwt-bearer`,
    measured: ratio(express('scopegate', pinned), express('express-oauth2-jwt-bearer', pinned)),
    least: 3,
    unit: 'times',
  });
  const cold = (subject: SubjectName) => get({ suite: 'cold-start', subject }, 'ms');
  const key = { suite: 'key-import', subject: 'scopegate' } as const;
  // What a key takes in the core that has no kernels is the rest of it.
  const bytesOf = (subject: SubjectName) => get({ ...key, subject }, 'bytes');
  const memory = { suite: 'memory', subject: 'scopegate' } as const;
  return [
    {
      what: 'repeated ES384 token, against fast-jwt-cache',
      measured: ratio(repeated('fast-jwt-cache'), repeated('scopegate')),
      least: 2,
      unit: 'times',
    },
    {
      // Within the noise of a measurement.
      what: 'repeated ES384 token with 64 keys, against 1',
      measured: ratio(repeated('scopegate', 64), repeated('scopegate')),
      most: 1.15,
      unit: 'times',
    },
    expressAim(true),
    expressAim(false),
    {
      what: 'P-384 key, its tables',
      measured: difference(bytesOf('scopegate'), bytesOf('scopegate/webcrypto')),
      most: 65_536,
      unit: 'bytes',
    },
    { what: 'P-384 key, import', measured: get(key, 'median_us'), most: 1000, unit: 'µs' },
    { what: 'cold start, against jose', measured: ratio(cold('scopegate'), cold('jose')), most: 1, unit: 'times' },
    {
      what: 'memory after the load, against before',
      measured: ratio(get(memory, 'bytes'), get(memory, 'raw_bytes')),
      most: 1,
      unit: 'times',
    },
  ];
}

function reached({ measured = Number.NaN, least, most }: Aim): boolean {
  return least === undefined ? measured <= (most ?? Number.NaN) : measured >= least;
}

function shown({ unit }: Aim, value: number | undefined): string {
  return unit === 'times' ? times(value) : `${figure(value)} ${unit}`;
}
