import type { ScopegateError } from '../errors.ts';

/** Exit codes: one for each class of outcome. */
export const EXIT = {
  /** The token is accepted; the doctor found nothing to fix. */
  ok: 0,
  /** The token is refused; the doctor found something to fix. */
  refused: 1,
  /** Wrong usage, or a wrong configuration. */
  usage: 2,
  /** The token is valid, but does not allow this. */
  forbidden: 3,
  /** The issuer's keys cannot be loaded: nothing is said about the token. */
  unavailable: 4,
  /** A defect (EX_SOFTWARE of sysexits.h). */
  internal: 70,
} as const;

const BY_STATUS: Readonly<Record<string, number>> = {
  400: EXIT.refused,
  401: EXIT.refused,
  403: EXIT.forbidden,
  503: EXIT.unavailable,
  null: EXIT.usage,
};

/** The exit code for a refusal, by its HTTP status. */
export function exitCodeOf(error: ScopegateError): number {
  return BY_STATUS[String(error.status)] ?? EXIT.internal;
}
