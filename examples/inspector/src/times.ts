const UNITS: readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** A moment as people say it: "in 59 minutes", "3 days ago". Both in seconds since the Unix epoch. */
export function relative(moment: number, now: number): string {
  const left = Math.trunc(moment - now);
  const [seconds, unit] = UNITS.find(([seconds]) => Math.abs(left) >= seconds) ?? [1, 'second'];
  return format.format(Math.trunc(left / seconds), unit);
}

/** A `<time>` that keeps itself true: see {@link tick}. */
export function timeElement(moment: number): HTMLElement {
  const date = new Date(moment * 1000);
  const element = document.createElement('time');
  if (Number.isNaN(date.getTime())) {
    element.textContent = 'far away';
    return element;
  }
  element.dateTime = date.toISOString();
  element.dataset.moment = String(moment);
  element.title = date.toLocaleString();
  element.textContent = relative(moment, Date.now() / 1000);
  return element;
}

/** Sets what all times on the page say. */
export function tick(): void {
  for (const element of document.querySelectorAll<HTMLElement>('time[data-moment]')) {
    const text = relative(Number(element.dataset.moment), Date.now() / 1000);
    if (element.textContent !== text) element.textContent = text;
  }
}
