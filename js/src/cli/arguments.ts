import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command line cannot be understood. Its message never repeats a word of it that could be a token. */
export class UsageError extends Error {}

/** A command line, read. */
export interface Command {
  readonly name: 'verify' | 'explain' | 'doctor';
  readonly options: CommandOptions;
  /** What is no option: the token. */
  readonly positionals: readonly string[];
}

/** All options; each command has some of them. */
export interface CommandOptions {
  readonly endpoint?: string;
  readonly issuer?: readonly string[];
  readonly audience?: readonly string[];
  readonly scope?: readonly string[];
  readonly organization?: string;
  readonly algorithm?: readonly string[];
  readonly 'client-id'?: readonly string[];
  readonly 'jwks-uri'?: string;
  readonly jwks?: string;
  readonly file?: string;
  readonly claims?: boolean;
  readonly json?: boolean;
}

type OptionTable = NonNullable<ParseArgsConfig['options']>;

const COMMON: OptionTable = {
  endpoint: { type: 'string' },
  audience: { type: 'string', multiple: true },
  'jwks-uri': { type: 'string' },
  json: { type: 'boolean' },
};

const JUDGING: OptionTable = {
  ...COMMON,
  issuer: { type: 'string', multiple: true },
  scope: { type: 'string', multiple: true },
  organization: { type: 'string' },
  algorithm: { type: 'string', multiple: true },
  'client-id': { type: 'string', multiple: true },
  jwks: { type: 'string' },
  file: { type: 'string' },
};

const OPTIONS: Readonly<Record<Command['name'], OptionTable>> = {
  verify: JUDGING,
  explain: { ...JUDGING, claims: { type: 'boolean' } },
  doctor: COMMON,
};

/** What `--help` prints. */
export const HELP = `scopegate verify  [TOKEN] OPTIONS   the verdict on a Logto access token
scopegate explain [TOKEN] OPTIONS   every step of the verification, with hints
scopegate doctor  --endpoint URL    looks for faults in the tenant's discovery document, key set and clock

The token comes from standard input, from --file PATH, or from the command line (where other users of the machine, and
the shell's history, can see it; one that begins with "-" goes last, after --). It is never printed.

  --endpoint URL      the Logto endpoint, such as https://tenant.logto.app
  --issuer ISSUER     instead of --endpoint; more than once for custom domains
  --audience API      the API identifier, exactly as in Logto; may be given more than once
  --organization ID   the organization: with --audience the API's permissions in it, without its own permissions
  --scope SCOPE       a scope that the token must have; may be given more than once
  --client-id ID      the only application(s) whose tokens are accepted
  --algorithm ALG     the only allowed algorithm(s)
  --jwks-uri URL      where the key set is, if not at <issuer>/jwks
  --jwks FILE         a key set in a file: nothing is fetched
  --file PATH         where the token is
  --claims            explain: the claims, too, verified or not
  --json              JSON instead of text

Exit codes: 0 accepted, or nothing to fix; 1 refused, or something to fix; 2 wrong usage or configuration; 3 valid, but not
allowed (scopes, organization); 4 the issuer's keys cannot be loaded; 70 a defect.
NO_COLOR turns colours off.
`;

/**
 * Reads a command line.
 *
 * @throws {UsageError}
 */
export function parseCommand([name = '', ...args]: readonly string[]): Command {
  if (!Object.hasOwn(OPTIONS, name)) throw new UsageError('the first word must be verify, explain or doctor.');
  const command = name as Command['name'];
  try {
    const { values, positionals } = parseArgs({
      args,
      options: OPTIONS[command],
      allowPositionals: command !== 'doctor',
    });
    if (positionals.length > 1) throw new UsageError('more than one token.');
    return { name: command, options: values as CommandOptions, positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(USAGE[(error as { code?: string }).code ?? ''] ?? `${command}: wrong options.`);
  }
}

/** In our own words: those of node:util quote what was given. */
const USAGE: Readonly<Record<string, string>> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: 'there is no such option; a token that begins with "-" goes last, after --.',
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: 'an option lacks its value, or has one that it does not take.',
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: 'doctor takes options only.',
};
