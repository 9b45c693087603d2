#!/usr/bin/env node
import { ScopegateError } from '../errors.ts';
import { type Command, HELP, parseCommand, UsageError } from './arguments.ts';
import { doctor } from './doctor/command.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import { explain, verify } from './judge.ts';
import { printable } from './terminal.ts';
import { version } from './version.ts';

const COMMANDS: Readonly<Record<Command['name'], (command: Command) => Promise<number>>> = { verify, explain, doctor };

async function run(words: readonly string[]): Promise<number> {
  const [first = ''] = words;
  if (words.length === 0 || words.includes('--help') || words.includes('-h') || first === 'help') {
    process.stdout.write(HELP);
    return words.length === 0 ? EXIT.usage : EXIT.ok;
  }
  if (first === '--version' || first === '-v') {
    process.stdout.write(`${version}\n`);
    return EXIT.ok;
  }
  const command = parseCommand(words);
  return COMMANDS[command.name](command);
}

/** What stopped the command, without any stack: the words of the command line, among which a token may be, stay out. */
function complain(error: unknown): number {
  if (error instanceof ScopegateError) {
    process.stderr.write(`scopegate: ${error.code}: ${printable(error.hint)}\n`);
    return exitCodeOf(error);
  }
  if (error instanceof UsageError) {
    process.stderr.write(`scopegate: ${printable(error.message)}\nTry: scopegate --help\n`);
    return EXIT.usage;
  }
  process.stderr.write(`scopegate: ${printable(String(error))}\n`);
  return EXIT.internal;
}

// A reader that has seen enough, such as head, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

run(process.argv.slice(2))
  .catch(complain)
  .then((code) => {
    process.exitCode = code;
  });
