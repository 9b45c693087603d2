import type { ErrorCode } from './errors.ts';
import { freezeDeep, parseWithoutHazards } from './json.ts';
import type { Claims } from './token.ts';

/** The checks, in the order in which they run. */
export type StepName =
  | 'length'
  | 'structure'
  | 'header'
  | 'type'
  | 'algorithm'
  | 'critical'
  | 'key'
  | 'signature'
  | 'payload'
  | 'issuer'
  | 'audience'
  | 'subject'
  | 'client'
  | 'time'
  | 'confirmation'
  | 'actor'
  | 'organization'
  | 'scope';

/** One check, and what came of it. */
export interface ReportStep {
  readonly step: StepName;
  /** `'not_reached'`: an earlier failure left nothing to check. */
  readonly status: 'pass' | 'fail' | 'not_reached';
  /** The code that `verify` would refuse with for this reason. */
  readonly code: ErrorCode | null;
  /** What was found. Comes from the token, so treat it as untrusted text. */
  readonly seen: string | null;
  /** What was wanted. */
  readonly expected: string | null;
  /** The likely cause, and the remedy. */
  readonly hint: string | null;
}

/** A token examined step by step, for people who look for the reason of a refusal. */
export interface Report {
  readonly verdict: 'accepted' | 'refused';
  /** The code that `verify` refuses with: the first failure's. `null` if it accepts. */
  readonly code: ErrorCode | null;
  /** All checks, in the order in which `verify` runs them. */
  readonly steps: readonly ReportStep[];
  /** The protected header as the token has it, whatever the verdict. */
  readonly unverifiedHeader: Readonly<Record<string, unknown>> | null;
  /** The claims as the token has them, whatever the verdict: never decide anything by them. */
  readonly unverifiedClaims: Claims | null;
}

/** Reads the core's report. */
export function readReport(text: string): Report {
  const { verdict, code, steps, header, claims } = parseWithoutHazards(text) as {
    verdict: Report['verdict'];
    code: ErrorCode | null;
    steps: ReportStep[];
    header: Record<string, unknown> | null;
    claims: string | null;
  };
  return freezeDeep({ verdict, code, steps, unverifiedHeader: header, unverifiedClaims: claimsIn(claims) });
}

/** The payload may be any text: whether it is JSON is one of the checks. */
function claimsIn(payload: string | null): Claims | null {
  try {
    const claims = payload === null ? null : parseWithoutHazards(payload);
    return typeof claims === 'object' && !Array.isArray(claims) ? (claims as Claims | null) : null;
  } catch {
    return null;
  }
}
