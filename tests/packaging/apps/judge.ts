import { type Judgement, judge } from '../../../js/tests/support/judge.ts';
import type { Api, Case, VectorFile } from '../../../js/tests/support/vectors.ts';

/** The outcome on each build, by what it is imported as. */
export type Judgements = Record<string, Judgement>;

/**
 * Of the reference build every tenth case runs: it is slow, it has all of them behind it in Node, and what differs from
 * host to host is how the module is found.
 */
const SAMPLED: Readonly<Record<string, number>> = { 'scopegate/reference': 10 };

/** The cases that run on a build. */
export function casesFor(build: string, { cases }: VectorFile): readonly Case[] {
  return cases.filter((_, index) => index % (SAMPLED[build] ?? 1) === 0);
}

/** Runs the cases on each build. */
export async function judgeAll(builds: Readonly<Record<string, Api>>, file: VectorFile): Promise<Judgements> {
  const judgements: Judgements = {};
  for (const [name, api] of Object.entries(builds)) {
    judgements[name] = await judge(api, { ...file, cases: casesFor(name, file) });
  }
  return judgements;
}
