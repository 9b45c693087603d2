/** Prints the table: a row per case and host, a column per route. */

import { ROUTES, type Verdict } from './expectations.ts';
import { type Cell, passed } from './requests.ts';

/** The answers of one host in one case. */
export interface Row {
  case: string;
  host: string;
  cells: Cell[];
}

const describe = ({ status, code }: { status: number; code?: string | undefined }): string =>
  [status === 0 ? 'no answer' : String(status), code].filter((part) => part !== undefined).join(' ');

const expectation = (expected: Verdict): string => `expected ${describe(expected)}`;

function describeCell(cell: Cell): string {
  if (passed(cell)) {
    return describe(cell);
  }
  const notes = [cell.problem, expectation(cell.expected)].filter((note) => note !== undefined);
  return `✗ ${describe(cell)} (${notes.join('; ')})`;
}

/** The whole table as text. Cells that differ are marked with ✗ and say what was expected. */
export function renderTable(rows: Row[]): string {
  const lines = [
    ['', 'host', ...ROUTES.map((route) => route.title)],
    ...rows.map((row, index) => [
      rows[index - 1]?.case === row.case ? '' : row.case,
      row.host,
      ...row.cells.map(describeCell),
    ]),
  ];
  const widths = lines.reduce<number[]>(
    (known, line) => line.map((text, i) => Math.max(known[i] ?? 0, text.length)),
    [],
  );
  const text = lines.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [text[0], rule, ...text.slice(1)].join('\n');
}
