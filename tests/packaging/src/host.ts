import type { Judgements } from '../apps/judge.ts';
import type { Site } from './site.ts';

export type { Judgements };

/** Codes of refusals by the id of the case. */
export type Limits = Readonly<Record<string, string>>;

/** A row of the matrix: somewhere that the package has to work in. */
export interface Host {
  /** As docs/hosts.md calls it. */
  readonly name: string;
  /** What it was tested on, with versions. */
  readonly on: string;
  /** What the host itself cannot do: the cases, by build, that must be refused here, and by which code. */
  readonly limits?: Readonly<Record<string, Limits>>;
  /** Runs the vectors there. */
  judge(site: Site): Promise<Judgements>;
}
