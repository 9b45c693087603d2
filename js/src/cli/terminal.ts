/** Colours, or none. */
export type Style = Readonly<Record<'good' | 'bad' | 'warning' | 'dim' | 'bold', (text: string) => string>>;

const CODES = { good: 32, bad: 31, warning: 33, dim: 2, bold: 1 } as const;

/** How standard output is written: coloured on a terminal, unless NO_COLOR is set (no-color.org). */
export function stdoutStyle(): Style {
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const styles = Object.entries(CODES).map(([name, code]) => {
    return [name, (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text)];
  });
  return Object.fromEntries(styles) as Style;
}

/** What could steer a terminal: control characters, and those that turn the direction. */
const STEERING = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text from outside without what could steer a terminal. */
export function printable(text: string): string {
  return text.replace(STEERING, '\ufffd');
}

/** Writes one line. */
export function line(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Writes one JSON document. What could steer a terminal is escaped in it. */
export function json(value: unknown): void {
  // JSON escapes some of these in strings; the line feeds outside of them are its own.
  const text = JSON.stringify(value, null, 2).replace(STEERING, (found) => (found === '\n' ? found : escaped(found)));
  line(text);
}

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** A paragraph, broken at spaces, every line indented. */
export function indented(text: string, indent: number, width = 110): string {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + word.length >= width - indent) {
      lines.push(current);
      current = '';
    }
    current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current].map((text) => ' '.repeat(indent) + text).join('\n');
}
