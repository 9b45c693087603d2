/** What every suite is given. */

import type { Plan } from '../job.ts';
import type { HostName, Result, SubjectName } from '../records.ts';

export interface Context {
  hosts: readonly HostName[];
  algorithms: readonly string[];
  /** Keeps only what was asked for. */
  wanted: <Name extends SubjectName>(names: readonly Name[]) => Name[];
  /** A smoke run: everything is exercised, nothing is measured well. */
  quick: boolean;
  /** The number of rounds, where `usual` are enough for a median in spite of some disturbed ones. */
  rounds: (usual: number) => number;
  /** For what is measured token by token. */
  plan: Plan;
  /** Distinct tokens of a pool; more than any cache under measurement holds, unless in a smoke run. */
  pool: number;
  /** Says what is being done. */
  say: (line: string) => void;
  /** Takes a figure. */
  record: (result: Result) => void;
}
