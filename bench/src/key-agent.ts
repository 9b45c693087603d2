/**
 * What a key costs before its first verification: `key-agent.ts TASK-FILE`.
 *
 * Some import a key eagerly, some at its first use. So the time is that of making a verifier and verifying one token,
 * less that of verifying one more.
 */

import { readFileSync } from 'node:fs';
import type { Job, Timings } from './job.ts';
import type { TokenSubject } from './records.ts';
import { load } from './subjects/index.ts';
import type { Check, Subject } from './subjects/subject.ts';
import { observeMemory } from './wasm-memory.ts';

export interface KeyTask {
  subjects: TokenSubject[];
  job: Job;
  rounds: number;
  /** The same key under many key ids, and a token for each: what one more key adds to the memory. */
  crowd: { keys: Job['otherKeys']; tokens: string[] };
}

export interface KeyFindings {
  timings: Timings;
  /** WebAssembly memory for each further key, in bytes. */
  bytes: Partial<Record<TokenSubject, number>>;
}

/** Verifications from which the time of "one more" is taken. */
const WARM = 20;
/** Imports in one round. */
const IMPORTS = 4;

const { subjects: names, job, rounds, crowd } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as KeyTask;
const memory = observeMemory();
const encoder = new TextEncoder();
const findings: KeyFindings = { timings: {}, bytes: {} };
const subjects: Subject[] = [];
for (const name of names) {
  const subject = await load(name);
  if (subject.cannot?.(job.algorithm, job.host) !== undefined) continue;
  subjects.push(subject);
  const bytes = await growth(subject);
  if (bytes > 0) findings.bytes[name] = bytes;
}
for (let round = -1; round < rounds; round++) {
  for (const subject of subjects) {
    let total = 0;
    for (let i = 0; i < IMPORTS; i++) total += await importTime(subject);
    if (round < 0) continue;
    const list = findings.timings[subject.name] ?? [];
    list.push(total / IMPORTS);
    findings.timings[subject.name] = list;
  }
}
process.stdout.write(JSON.stringify(findings));

async function importTime(subject: Subject): Promise<number> {
  const bytes = job.tokens.map((token) => encoder.encode(token));
  const started = performance.now();
  const check = await subject.create(job);
  await check.run(check.input(bytes[0] as Uint8Array));
  const first = performance.now() - started;
  const inputs = bytes.slice(1, 1 + WARM).map((token) => check.input(token));
  const again = performance.now();
  for (const input of inputs) await check.run(input);
  const one = (performance.now() - again) / inputs.length;
  return (first - one) * 1000;
}

/** Memory that each key beyond the first takes, tables and all. */
async function growth(subject: Subject): Promise<number> {
  const { keys, tokens } = crowd;
  const [first] = keys;
  if (first === undefined) return 0;
  const use = async (check: Check<unknown>, token: string) => {
    await check.run(check.input(encoder.encode(token)));
  };
  await use(await subject.create({ ...job, jwk: first }), tokens[0] ?? '');
  const before = memory();
  const check = await subject.create({ ...job, jwk: first, otherKeys: keys.slice(1) });
  for (const token of tokens) await use(check, token);
  return Math.round((memory() - before) / keys.length);
}
