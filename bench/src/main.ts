/** `cargo xtask bench`: scopegate beside what else verifies access tokens. */

import { writeFile } from 'node:fs/promises';
import { HELP, type Options, parse } from './options.ts';
import type { Result, SuiteName } from './records.ts';
import { machine } from './report/machine.ts';
import { tables } from './report/markdown.ts';
import { reachTable } from './report/reach.ts';
import { lines, save } from './report/save.ts';
import { coldStart } from './suites/cold-start.ts';
import type { Context } from './suites/context.ts';
import { express } from './suites/express.ts';
import { fastapi } from './suites/fastapi.ts';
import { keyImport } from './suites/key-import.ts';
import { memory } from './suites/memory.ts';
import { python } from './suites/python.ts';
import { size } from './suites/size.ts';
import { verify } from './suites/verify.ts';
import { verifyRepeated } from './suites/verify-repeated.ts';

const RUN: Record<SuiteName, (context: Context) => Promise<void>> = {
  verify,
  'verify-repeated': verifyRepeated,
  express,
  'cold-start': coldStart,
  'key-import': keyImport,
  size,
  memory,
  python,
  fastapi,
};

/** More than the 1,000 entries of the caches under measurement: going round it, every token is new to them. */
const POOL = 1_500;

const QUICK_ROUNDS = 1;

async function main(options: Options): Promise<void> {
  console.log(machine());
  const results: Result[] = [];
  for (const suite of options.suites) await RUN[suite](contextOf(options, suite, results));
  console.log(`\n${machine()}\n`);
  console.log(tables(results));
  if (!options.quick) console.log(`\n${reachTable(results)}\n`);
  if (options.json !== undefined) await writeFile(options.json, lines(results));
  if (options.save) console.log(`kept under ${await save(results)}`);
}

function contextOf(
  { hosts, algorithms, subjects, rounds, quick }: Options,
  suite: SuiteName,
  results: Result[],
): Context {
  const roundsOf = (usual: number) => rounds ?? (quick ? QUICK_ROUNDS : usual);
  return {
    hosts,
    algorithms,
    wanted: (names) => names.filter((name) => subjects?.includes(name) ?? true),
    quick,
    rounds: roundsOf,
    // Rounds are short and many: on a busy machine most of the short ones go undisturbed.
    plan: quick
      ? { rounds: roundsOf(31), roundMs: 5, warmupMs: 5 }
      : { rounds: roundsOf(31), roundMs: 20, warmupMs: 400 },
    pool: quick ? 32 : POOL,
    say: (line) => console.log(`→ ${suite}: ${line}`),
    record: (result) => results.push(result),
  };
}

try {
  const options = parse(process.argv.slice(2));
  if (options === undefined) console.log(HELP);
  else await main(options);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
