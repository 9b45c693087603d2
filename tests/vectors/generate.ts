/**
 * Writes vectors.json, or with `--check` says whether it is what this generator writes.
 * Run: `node --import tsx tests/vectors/generate.ts [--check]`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { algorithms } from './cases/algorithms.ts';
import { claims } from './cases/claims.ts';
import { config } from './cases/config.ts';
import { header } from './cases/header.ts';
import { idTokens } from './cases/id-tokens.ts';
import { strictJson } from './cases/json.ts';
import { keys } from './cases/keys.ts';
import { models } from './cases/models.ts';
import { logto, rfc, SAMPLE_KEY_SETS } from './cases/samples.ts';
import { scopes } from './cases/scopes.ts';
import { signatures } from './cases/signatures.ts';
import { structure } from './cases/structure.ts';
import { times } from './cases/times.ts';
import type { Case } from './lib/case.ts';
import { CODES } from './lib/codes.ts';
import { KEY_SETS } from './lib/keys.ts';

const GROUPS: Record<string, () => Case[]> = {
  structure,
  json: strictJson,
  header,
  algorithms,
  signatures,
  keys,
  claims,
  times,
  models,
  'id-tokens': idTokens,
  scopes,
  config,
  logto,
  rfc,
};

function collect(): Case[] {
  const cases = Object.entries(GROUPS).flatMap(([group, make]) =>
    make().map((one) => ({ ...one, id: `${group}/${one.id}` })),
  );
  const seen = new Set<string>();
  for (const { id, expect } of cases as (Case & { expect: { code?: string } })[]) {
    if (seen.has(id)) throw new Error(`two cases are called ${id}`);
    seen.add(id);
    if (expect.code !== undefined && !(expect.code in CODES)) throw new Error(`${id}: no such code as ${expect.code}`);
  }
  return cases;
}

/** One case, one key set, one code per line. */
function write(cases: readonly Case[]): string {
  const members = (object: object): string =>
    Object.entries(object)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const about = 'What a verifier must say of a token; see README.md. Written by generate.ts.';
  return `{
  "format": 1,
  "about": ${JSON.stringify(about)},
  "codes": {
${members(CODES)}
  },
  "keySets": {
${members({ ...KEY_SETS, ...SAMPLE_KEY_SETS })}
  },
  "cases": [
${cases.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}
  ]
}
`;
}

const file = new URL('./vectors.json', import.meta.url);
const cases = collect();
const text = write(cases);
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write('tests/vectors/vectors.json differs from what generate.ts writes.\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, text);
  process.stdout.write(`${cases.length} cases\n`);
}
