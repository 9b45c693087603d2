/** Member names that turn a careless merge of JSON data into prototype pollution. */
const HAZARDS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** `JSON.parse` without the members that could reach a prototype. */
export function parseWithoutHazards(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) => (HAZARDS.has(name) ? undefined : value));
}

/** Freezes JSON data all the way down. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freezeDeep(member);
    Object.freeze(value);
  }
  return value;
}
