import { readFileSync } from 'node:fs';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

/** What follows a marker comment in the README. */
function after(marker: string): string {
  const [, text, more] = readme.split(`<!-- ${marker} -->\n`);
  if (text === undefined || more !== undefined) throw new Error(`not once in the README: ${marker}`);
  return text;
}

/** The code block right after a marker, with the given replacements; each has to apply exactly once. */
export function codeAfter(marker: string, replacements: Readonly<Record<string, string>>): string {
  let code = /^```tsx?\n(.*?)^```$/ms.exec(after(marker))?.[1];
  if (code === undefined || !/^```tsx?\n/.test(after(marker))) throw new Error(`no code block after: ${marker}`);
  for (const [from, to] of Object.entries(replacements)) {
    if (code.split(from).length !== 2) throw new Error(`not once in the code after ${marker}: ${from}`);
    code = code.replace(from, () => to);
  }
  return code;
}

/** The rows of the table right after a marker, without its head. */
export function tableAfter(marker: string): string[][] {
  const lines = after(marker).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}
