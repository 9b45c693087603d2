/** The command line. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ALGORITHMS } from './algorithms.ts';
import { HOSTS, type HostName, SUBJECTS, SUITES, type SubjectName, type SuiteName } from './records.ts';

export interface Options {
  suites: SuiteName[];
  hosts: HostName[];
  algorithms: string[];
  /** `undefined`: all. */
  subjects: SubjectName[] | undefined;
  /** `undefined`: as many as each suite needs. */
  rounds: number | undefined;
  quick: boolean;
  /** Where to write the figures as JSON. */
  json: string | undefined;
  /** Whether to keep the figures under bench/results/. */
  save: boolean;
}

/** Suites that run unless others are named. */
const USUAL = SUITES.filter((name) => name !== 'memory');

export const HELP = `cargo xtask bench [OPTIONS]

  --suite NAMES      of ${SUITES.join(', ')}
                     (memory takes minutes and only runs when it is named)
  --host NAMES       of ${HOSTS.join(', ')}
  --algorithm NAMES  of ${ALGORITHMS.map(({ name }) => name).join(', ')}
  --subject NAMES    of ${SUBJECTS.join(', ')}
  --rounds N         a figure is the median over the rounds; default: as many as each suite needs
  --quick            everything once and shortly: shows that the benchmark works, and measures nothing well
  --json FILE        write the figures as an array of objects
  --no-save          do not update bench/results/ (--quick, --rounds, --algorithm and --subject never do)
  -h, --help

NAMES are separated by commas.`;

/** @returns `undefined` when the help was asked for. @throws for what is not understood. */
export function parse(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      suite: { type: 'string', multiple: true },
      host: { type: 'string', multiple: true },
      algorithm: { type: 'string', multiple: true },
      subject: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      'no-save': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1)) {
    throw new Error(`--rounds takes a number, not ${values.rounds}`);
  }
  const algorithms = ALGORITHMS.map(({ name }) => name);
  const partial = values.rounds ?? values.algorithm ?? values.subject;
  return {
    suites: chosen('--suite', values.suite, SUITES) ?? USUAL,
    hosts: chosen('--host', values.host, HOSTS) ?? [...HOSTS],
    algorithms: chosen('--algorithm', values.algorithm, algorithms) ?? (quick ? ['ES384'] : algorithms),
    subjects: chosen('--subject', values.subject, SUBJECTS),
    rounds,
    quick,
    // npm's convention for the directory in which the user is: the program runs at the root of the checkout.
    json: values.json === undefined ? undefined : resolve(process.env.INIT_CWD ?? '.', values.json),
    save: !quick && !values['no-save'] && partial === undefined,
  };
}

/** The named ones of `known`, in the order of `known`. */
function chosen<Name extends string>(
  option: string,
  given: readonly string[] | undefined,
  known: readonly Name[],
): Name[] | undefined {
  if (given === undefined) return undefined;
  const names = given.flatMap((value) => value.split(','));
  const unknown = names.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) throw new Error(`${option} ${unknown}: there are ${known.join(', ')}`);
  return known.filter((name) => names.includes(name));
}
