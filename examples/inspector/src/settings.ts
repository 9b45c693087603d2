/** What a token is held against; all of it may stand in a link. */
export interface Settings {
  endpoint: string;
  audience: string;
  model: 'resource' | 'organization-resource' | 'organization';
  organization: string;
  scopes: string;
}

const NAMES = ['endpoint', 'audience', 'model', 'organization', 'scopes'] as const;

/** Settings in the part of an address that is not sent to the server. */
export function linkTo(settings: Settings): string {
  const given = NAMES.map((name) => [name, settings[name]]).filter(([, value]) => value !== '');
  return `#${new URLSearchParams(given)}`;
}

/** Fills a form from a link. Only the settings' own names count: a token in a link is not taken. */
export function fillFrom(link: string, form: HTMLFormElement): void {
  const given = new URLSearchParams(link.replace(/^#/, ''));
  for (const name of NAMES) {
    const field = form.elements.namedItem(name);
    const value = given.get(name);
    if (value === null || !(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
    field.value = value;
    // Of no choice that there is.
    if (field.value !== value) field.value = 'resource';
  }
}

/** Reads the form. */
export function readForm(form: HTMLFormElement): { settings: Settings; token: string; jwks: string } {
  const data = new FormData(form);
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  const settings = Object.fromEntries(NAMES.map((name) => [name, text(name)])) as unknown as Settings;
  return { settings, token: text('token').replace(/^bearer\s+/i, ''), jwks: text('jwks') };
}
