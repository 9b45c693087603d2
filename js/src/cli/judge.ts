import { readFile } from 'node:fs/promises';
import { createVerifier } from '../entry/node.ts';
import { ScopegateError } from '../errors.ts';
import type { Report, ReportStep } from '../report.ts';
import type { AccessToken } from '../token.ts';
import type { AsyncVerifier } from '../verifier.ts';
import { type Command, type CommandOptions, UsageError } from './arguments.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import { reasonOf } from './reason.ts';
import { indented, json, line, printable, stdoutStyle } from './terminal.ts';
import { readToken } from './token-input.ts';

/** A verifier and what is asked of it, as the options say. */
interface Judge {
  readonly verifier: AsyncVerifier<'organization'>;
  readonly requirement: { readonly organization: string; readonly scopes?: readonly string[] };
}

/** `scopegate verify`; its exit code. */
export async function verify(command: Command): Promise<number> {
  const { verifier, requirement } = await judge(command.options);
  const outcome = await attempt(verifier, await readToken(command), requirement);
  const { json: asJson = false } = command.options;
  if (outcome instanceof ScopegateError) {
    if (outcome.status === null) throw outcome;
    if (asJson) json({ verdict: 'refused', error: fieldsOf(outcome) });
    else showRefusal(outcome);
    return exitCodeOf(outcome);
  }
  if (asJson) json({ verdict: 'accepted', token: summaryOf(outcome) });
  else showToken(outcome);
  return EXIT.ok;
}

/** `scopegate explain`; its exit code is that of `verify`. */
export async function explain(command: Command): Promise<number> {
  const { verifier, requirement } = await judge(command.options);
  const token = await readToken(command);
  const report = await verifier.explain(token, requirement);
  const outcome = await attempt(verifier, token, requirement);
  const refusal = outcome instanceof ScopegateError ? outcome : undefined;
  const { json: asJson = false, claims: withClaims = false } = command.options;
  if (asJson) json(reportOf(report, refusal, withClaims));
  else showReport(report, refusal, withClaims);
  return refusal === undefined ? EXIT.ok : exitCodeOf(refusal);
}

async function judge(options: CommandOptions): Promise<Judge> {
  const { audience, organization, scope, endpoint, issuer, algorithm, jwks } = options;
  const permissionModel =
    organization === undefined ? 'resource' : audience === undefined ? 'organization' : 'organization-resource';
  const given = {
    endpoint,
    issuer,
    audience,
    algorithms: algorithm,
    clientIds: options['client-id'],
    jwksUri: options['jwks-uri'],
    jwks: jwks === undefined ? undefined : await keySetIn(jwks),
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  const verifier = createVerifier({ ...Object.fromEntries(present), permissionModel } as never);
  const requirement = {
    ...(organization === undefined ? {} : { organization }),
    ...(scope === undefined ? {} : { scopes: scope }),
  };
  return { verifier, requirement } as unknown as Judge;
}

async function keySetIn(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const { code = 'it is no JSON' } = error as NodeJS.ErrnoException;
    throw new UsageError(`--jwks cannot be read (${code}).`);
  }
}

async function attempt(
  verifier: Judge['verifier'],
  token: string,
  requirement: Judge['requirement'],
): Promise<AccessToken | ScopegateError> {
  try {
    return await verifier.verify(token, requirement);
  } catch (error) {
    if (error instanceof ScopegateError) return error;
    throw error;
  }
}

function summaryOf({ scopes, claims: _, ...token }: AccessToken): object {
  return { ...token, scopes: [...scopes] };
}

function fieldsOf(error: ScopegateError): object {
  const { code, status, oauthError, message, hint, claim, expected, actual, missing, retryAfter, cause } = error;
  const reason = cause === undefined ? undefined : reasonOf(cause);
  return { code, status, oauthError, message, hint, claim, expected, actual, missing, retryAfter, reason };
}

function reportOf(report: Report, refusal: ScopegateError | undefined, withClaims: boolean): object {
  const { verdict, code, steps, unverifiedHeader, unverifiedClaims } = report;
  const seen = withClaims ? { unverifiedHeader, unverifiedClaims } : {};
  const reason = refusal?.cause === undefined ? {} : { reason: reasonOf(refusal.cause) };
  return { verdict, code, status: refusal?.status ?? null, ...reason, steps, ...seen };
}

function showToken(token: AccessToken): void {
  const style = stdoutStyle();
  line(style.good('accepted'));
  const rows: [string, string][] = [
    ['subject', token.subject + (token.isMachine ? ' (a machine)' : '')],
    ['client', token.clientId],
    ['audience', token.audience.join(' ')],
    ['organization', token.organizationId ?? ''],
    ['actor', token.actor?.sub ?? (token.actor === null ? '' : 'without a name')],
    ['scopes', [...token.scopes].join(' ')],
    ['expires', isoTime(token.expiresAt)],
  ];
  for (const [name, value] of rows)
    line(`  ${name.padEnd(13)}${value === '' ? style.dim('(none)') : printable(value)}`);
}

/** Lifetimes can be beyond what a date can be. */
function isoTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

function showRefusal(error: ScopegateError): void {
  const style = stdoutStyle();
  line(`${style.bad('refused')}: ${style.bold(error.code)} (HTTP ${error.status})`);
  const rows: [string, string | undefined][] = [
    ['claim', error.claim],
    ['expected', error.expected],
    ['seen', error.actual],
    ['missing', error.missing?.join(' ')],
  ];
  for (const [name, value] of rows) if (value !== undefined) line(`  ${name.padEnd(13)}${printable(value)}`);
  showCause(error);
  line(indented(printable(error.hint), 2));
}

/** Of an outage. */
function showCause({ cause }: ScopegateError): void {
  if (cause !== undefined) line(`  ${'cause'.padEnd(13)}${printable(reasonOf(cause))}`);
}

const MARKS = { pass: 'good', fail: 'bad', not_reached: 'dim' } as const;

function showReport(report: Report, refusal: ScopegateError | undefined, withClaims: boolean): void {
  const style = stdoutStyle();
  for (const step of report.steps) {
    const status = style[MARKS[step.status]](step.status.replace('_', ' ').padEnd(13));
    line(`${status}${step.step.padEnd(14)}${printable(step.seen ?? '')}`.trimEnd());
    for (const text of remarks(step)) line(indented(printable(text), 27));
  }
  if (withClaims) line(printable(JSON.stringify(report.unverifiedClaims)));
  if (refusal === undefined) {
    line(style.good('accepted'));
  } else {
    line(`${style.bad('refused')}: ${style.bold(refusal.code)} (HTTP ${refusal.status})`);
    showCause(refusal);
  }
}

function remarks({ status, expected, hint }: ReportStep): string[] {
  if (status !== 'fail') return [];
  return [...(expected === null ? [] : [`expected: ${expected}`]), ...(hint === null ? [] : [`hint: ${hint}`])];
}
