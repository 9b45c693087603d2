/** What docs/hosts.md and README.md say, to be held against what is so. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './site.ts';

/** What follows a marker comment. */
function after(marker: string): string {
  const [, text, more] = readFileSync(join(root, 'docs/hosts.md'), 'utf8').split(`<!-- ${marker} -->\n`);
  if (text === undefined || more !== undefined) throw new Error(`not once in docs/hosts.md: ${marker}`);
  return text;
}

/** The rows of the table of hosts, up to their second column. */
export function documentedRows(): string[] {
  const [table = ''] = after('what was tested: checked against the matrix').split('\n\n', 1);
  const rows = table.split('\n').slice(2);
  return rows.map((row) => /^\|[^|]*\|[^|]*\|/.exec(row)?.[0] ?? row);
}

/** The code that starts a core by hand. */
export function documentedCore(host: 'Node.js' | 'Workers'): string {
  const code = /^```ts\n(.*?)^```$/ms.exec(after(`core: by hand in ${host}`))?.[1];
  if (code === undefined) throw new Error(`no code for ${host}`);
  return code;
}

/** README.md. */
export function readme(): string {
  return readFileSync(join(root, 'README.md'), 'utf8');
}
