/** A row of the matrix as it is printed. */
export interface Row {
  readonly host: string;
  readonly on: string;
  /** Cases that were right, of all, by build. */
  readonly results: Record<string, string>;
  seconds: number;
}

/** The matrix as text. */
export function render(rows: readonly Row[]): string {
  const builds = [...new Set(rows.flatMap(({ results }) => Object.keys(results)))];
  const table = [
    ['host', 'on', ...builds, 's'],
    ...rows.map(({ host, on, results, seconds }) => {
      return [host, on, ...builds.map((build) => results[build] ?? ''), seconds.toFixed(1)];
    }),
  ];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `\n${lines.join('\n')}\non ${process.platform} ${process.arch}, Node.js ${process.version}\n`;
}
