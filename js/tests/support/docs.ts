import { readFileSync } from 'node:fs';

/** A document of the project, as far as tests look into it. */
export interface TestedDocument {
  /** The code block right after a marker comment, with the given replacements; each has to apply exactly once. */
  codeAfter(marker: string, replacements?: Readonly<Record<string, string>>): string;
  /** The rows of the table right after a marker comment, without its head. */
  tableAfter(marker: string): string[][];
}

/** Reads a document; `path` starts at the root of the checkout. */
export function documentAt(path: string): TestedDocument {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

  const after = (marker: string): string => {
    const [, rest, more] = text.split(`<!-- ${marker} -->\n`);
    if (rest === undefined || more !== undefined) throw new Error(`not once in ${path}: ${marker}`);
    return rest;
  };

  return {
    codeAfter(marker, replacements = {}) {
      let code = /^```\w+\n(.*?)^```$/ms.exec(after(marker))?.[1];
      if (code === undefined || !after(marker).startsWith('```')) throw new Error(`no code block after: ${marker}`);
      for (const [from, to] of Object.entries(replacements)) {
        if (code.split(from).length !== 2) throw new Error(`not once in the code after ${marker}: ${from}`);
        code = code.replace(from, () => to);
      }
      return code;
    },
    tableAfter(marker) {
      const lines = after(marker).split('\n');
      const end = lines.findIndex((line) => !line.startsWith('|'));
      return lines.slice(2, end).map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    },
  };
}
