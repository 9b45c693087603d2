/** Bar charts as SVG, readable on light and on dark pages. */

export interface Bar {
  label: string;
  value: number;
  /** What is written at the end of the bar. */
  text: string;
  /** The default engine stands out; its variants are seen to belong to it. */
  /** Ours, which stand out. */
  kind: 'ours' | 'kin' | 'peer';
}

export interface Group {
  title: string;
  bars: Bar[];
}

const WIDTH = 760;
const LEFT = 190;
const RIGHT = 90;
const BAR = 16;
const GAP = 5;
const GROUP_TITLE = 30;
const TOP = 58;

// The page decides: an image in a README follows the reader's colour scheme.
const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 }
.group { font-weight: 600 }
.note { fill: #59636e }
.peer { fill: #8c959f }
.kin { fill: #80b3ee }
.ours { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .note { fill: #9198a1 }
  .peer { fill: #656c76 }
  .kin { fill: #2f5a92 }
  .ours { fill: #4493f8 }
}`;

/** Horizontal bars in groups. Each group has its own scale, from zero to its longest bar. */
export function barChart(title: string, note: string, groups: readonly Group[]): string {
  const parts: string[] = [];
  let y = TOP;
  for (const group of groups) {
    parts.push(`<text class="group" x="16" y="${y + 16}">${escaped(group.title)}</text>`);
    y += GROUP_TITLE;
    const longest = Math.max(...group.bars.map(({ value }) => value));
    for (const bar of group.bars) {
      parts.push(drawn(bar, (bar.value / longest) * (WIDTH - LEFT - RIGHT), y));
      y += BAR + GAP;
    }
    y += GAP;
  }
  const height = y + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<text class="title" x="16" y="26">${escaped(title)}</text>
<text class="note" x="16" y="46">${escaped(note)}</text>
${parts.join('\n')}
</svg>
`;
}

function drawn({ label, text, kind }: Bar, length: number, y: number): string {
  const width = Math.max(1, length).toFixed(1);
  const baseline = y + BAR - 4;
  const end = (LEFT + Math.max(1, length) + 6).toFixed(1);
  return [
    `<text x="${LEFT - 8}" y="${baseline}" text-anchor="end">${escaped(label)}</text>`,
    `<rect class="${kind}" x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
    `<text x="${end}" y="${baseline}">${escaped(text)}</text>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
