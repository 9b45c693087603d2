import { ScopegateError } from 'scopegate';
import { decodeUnverified, tokenKind } from 'scopegate/claims';
import { inspect } from './inspect.ts';
import { fillFrom, linkTo, readForm } from './settings.ts';
import { tick } from './times.ts';
import { element, errorView, partsView, reportView } from './view.ts';

function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no #${id}`);
  return found;
}

const form = byId('form', HTMLFormElement);
const result = byId('result', HTMLElement as new () => HTMLElement);
const copied = byId('copied', HTMLElement as new () => HTMLElement);

/** What is shown belongs to the latest token: an answer that comes later is for another one. */
let run = 0;

function show(...children: (Node | string)[]): void {
  result.replaceChildren(...children);
}

/** What can be read without asking anybody. */
function read(): void {
  run += 1;
  const { token } = readForm(form);
  if (token === '') {
    show();
    return;
  }
  const kind = element('section', 'card', element('h2', '', 'Looks like: ', element('code', '', tokenKind(token))));
  kind.append(element('p', 'note', 'Press Inspect to check it against the settings.'));
  show(kind, ...guarded(() => parts(token)));
}

function parts(token: string): (Node | string)[] {
  const { unverifiedHeader, unverifiedClaims } = decodeUnverified(token);
  return partsView(unverifiedHeader, unverifiedClaims, false);
}

function guarded(view: () => (Node | string)[]): (Node | string)[] {
  try {
    return view();
  } catch (error) {
    if (error instanceof ScopegateError) return errorView(error);
    throw error;
  }
}

async function check(): Promise<void> {
  run += 1;
  const mine = run;
  const { settings, token, jwks } = readForm(form);
  history.replaceState(null, '', linkTo(settings));
  result.setAttribute('aria-busy', 'true');
  try {
    const report = await inspect(token, settings, jwks);
    if (run === mine) show(...reportView(report));
  } catch (error) {
    if (!(error instanceof ScopegateError)) throw error;
    if (run === mine) show(...errorView(error), ...guarded(() => parts(token)));
  } finally {
    result.removeAttribute('aria-busy');
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void check();
});
form.addEventListener('input', ({ target }) => {
  copied.textContent = '';
  if ((target as HTMLTextAreaElement).name === 'token') read();
});
byId('clear', HTMLButtonElement).addEventListener('click', () => {
  const field = form.elements.namedItem('token') as HTMLTextAreaElement;
  field.value = '';
  field.focus();
  read();
});
byId('link', HTMLButtonElement).addEventListener('click', async () => {
  history.replaceState(null, '', linkTo(readForm(form).settings));
  await navigator.clipboard.writeText(location.href).catch(() => undefined);
  copied.textContent = 'The address of this page holds the settings now.';
});
addEventListener('hashchange', () => fillFrom(location.hash, form));

fillFrom(location.hash, form);
setInterval(tick, 1000);
