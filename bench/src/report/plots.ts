/** Which charts there are. */

import { JAVASCRIPT_HOSTS, type Result, type SuiteName } from '../records.ts';
import { distinct, type Quantity } from './figures.ts';
import { type Bar, barChart, type Group } from './svg.ts';
import { figure } from './table.ts';

/** File names and contents of the charts that the results suffice for. */
export function plots(results: readonly Result[]): Map<string, string> {
  const charts = new Map<string, string>();
  const of = (suite: SuiteName) => results.filter((result) => result.suite === suite && result.keys === undefined);
  const draw = (name: string, title: string, note: string, groups: Group[]) => {
    if (groups.length > 0) charts.set(`${name}.svg`, barChart(title, note, groups));
  };
  for (const host of JAVASCRIPT_HOSTS) {
    // The reference engine is several times as long as all others together: it would flatten them.
    const shown = of('verify').filter((result) => result.host === host && result.subject !== 'scopegate/reference');
    const note = 'Microseconds for one token; less is better. native is the signature check alone.';
    draw(`verify-${host}`, `First-seen tokens in ${host}`, note, groups(shown, 'algorithm', 'median_us', 'µs'));
  }
  const repeated = of('verify-repeated').filter(
    ({ subject }) => subject === 'scopegate' || subject === 'fast-jwt-cache',
  );
  draw(
    'verify-repeated',
    'Repeated tokens in node',
    'Microseconds for one token; less is better.',
    groups(repeated, 'algorithm', 'median_us', 'µs'),
  );
  const pinned = of('express').some((result) => result.pinned);
  for (const tokens of ['distinct', 'repeated'] as const) {
    const shown = of('express').filter((result) => result.tokens === tokens && result.pinned === pinned);
    const note = 'Requests per second; more is better.';
    draw(`express-${tokens}`, `Express, ${tokens} tokens`, note, groups(shown, 'algorithm', 'per_second', '/s'));
  }
  const cold = of('cold-start').filter(({ algorithm }) => algorithm === 'ES384');
  const note = 'Milliseconds from the start of the process; less is better. none verifies nothing.';
  draw('cold-start', 'The first verified ES384 token', note, groups(cold, 'host', 'ms', 'ms'));
  return charts;
}

function groups(results: readonly Result[], by: 'algorithm' | 'host', quantity: Quantity, unit: string): Group[] {
  return distinct(results, by).map((title) => ({
    title: String(title),
    bars: results
      .filter((result) => result[by] === title)
      .map((result) => ({
        label: result.subject,
        value: result[quantity] ?? 0,
        text: `${figure(result[quantity])} ${unit}`,
        kind: kindOf(result.subject),
      })),
  }));
}

function kindOf(subject: Result['subject']): Bar['kind'] {
  if (subject === 'scopegate') return 'ours';
  return subject.startsWith('scopegate/') ? 'kin' : 'peer';
}
