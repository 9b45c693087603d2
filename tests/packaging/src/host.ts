import type { Judgements } from '../apps/judge.ts';
import type { Site } from './site.ts';

export type { Judgements };

/** A row of the matrix: somewhere that the package has to work in. */
export interface Host {
  /** As docs/hosts.md calls it. */
  readonly name: string;
  /** What it was tested on, with versions. */
  readonly on: string;
  /** What the host itself cannot do: the cases, by build, in which that shows, and which have to end otherwise here. */
  readonly limits?: Readonly<Record<string, readonly string[]>>;
  /** Runs the vectors there. */
  judge(site: Site): Promise<Judgements>;
}
