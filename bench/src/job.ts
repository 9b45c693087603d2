/** What a host is told to measure: plain data, so that it can cross into another process or runtime. */

import type { HostName, SubjectName } from './records.ts';

/** A public key of the issuer. */
export interface PublicJwk {
  [member: string]: unknown;
  kty: string;
  kid: string;
  alg: string;
  use: 'sig';
}

/** Why a token of {@link Job.refused} must not be accepted. */
export type Flaw = 'signature' | 'expired' | 'audience' | 'issuer';

export interface Job {
  host: HostName;
  /** As results name it. */
  algorithm: string;
  issuer: string;
  audience: string;
  jwk: PublicJwk;
  /** Further keys of the issuer that sign none of the tokens. */
  otherKeys: PublicJwk[];
  tokens: string[];
  /** One token with each flaw: a subject that accepts one of them is not measured. */
  refused: Record<Flaw, string>;
}

/** How long and how often. */
export interface Plan {
  rounds: number;
  /** The aim for one subject in one round, in milliseconds. */
  roundMs: number;
  warmupMs: number;
}

/** The time of one operation in each round, in microseconds. */
export type Timings = Partial<Record<SubjectName, number[]>>;
