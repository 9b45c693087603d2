import type { Report, ReportStep, ScopegateError } from 'scopegate';
import { timeElement } from './times.ts';

type Child = Node | string;

/** An element with a class and children. Everything that comes from a token goes in as text. */
export function element(name: string, className: string, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

const STATUS = {
  pass: ['✓', 'pass'],
  fail: ['✗', 'fail'],
  not_reached: ['–', 'not reached'],
} as const;

/** Claims that are times, and what to call them. */
const TIMES: Readonly<Record<string, string>> = {
  exp: 'expires',
  iat: 'issued',
  nbf: 'valid from',
  auth_time: 'signed in',
};

const MEANINGS: Readonly<Record<string, string>> = {
  alg: 'signature algorithm',
  typ: 'kind of token; at+jwt is an access token',
  kid: 'names the key',
  iss: 'issuer',
  sub: 'user, or the application itself',
  aud: 'what the token is for',
  client_id: 'application that asked for it',
  scope: 'permissions',
  jti: "the token's own id",
  organization_id: 'organization',
  act: 'who acts for the user',
};

/** The verdict of a full examination, and its steps. */
export function reportView(report: Report): Child[] {
  const accepted = report.verdict === 'accepted';
  const first = report.steps.find((step) => step.status === 'fail');
  return [
    element(
      'section',
      `card verdict ${accepted ? 'pass' : 'fail'}`,
      element(
        'h2',
        '',
        accepted ? 'Accepted' : 'Refused: ',
        ...(accepted ? [] : [element('code', '', report.code ?? '')]),
      ),
      element('p', '', accepted ? 'A verifier with these settings accepts this token.' : (first?.hint ?? '')),
    ),
    element('section', 'card', element('h2', '', 'Steps'), element('ol', 'steps', ...report.steps.map(stepView))),
    ...partsView(report.unverifiedHeader, report.unverifiedClaims, accepted),
  ];
}

function stepView({ step, status, code, seen, expected, hint }: ReportStep): HTMLElement {
  const [sign, word] = STATUS[status];
  const mark = element('span', 'sign', sign);
  mark.setAttribute('aria-hidden', 'true');
  const row = element('li', status, mark, element('strong', '', step), element('span', 'word', word));
  const facts = element('dl', '');
  const fact = (name: string, value: string | null) => {
    if (value !== null && value !== '')
      facts.append(element('dt', '', name), element('dd', '', element('code', '', value)));
  };
  fact('code', code);
  fact('seen', seen);
  fact('expected', expected);
  if (facts.childElementCount > 0) row.append(facts);
  // The first failure's hint stands in the verdict as well; here each has its own.
  if (hint !== null) row.append(element('p', 'hint', hint));
  return row;
}

type Members = Readonly<Record<string, unknown>> | null;

/** What stands in the token. */
export function partsView(header: Members, claims: Members, accepted: boolean): Child[] {
  const trust = accepted ? '' : 'Unverified: whoever made the token can have written this.';
  return [['Header', header] as const, ['Claims', claims] as const].flatMap(([title, members]) =>
    members === null
      ? []
      : [
          element(
            'section',
            'card',
            element('h2', '', title),
            ...(trust === '' ? [] : [element('p', 'note', trust)]),
            membersView(members),
          ),
        ],
  );
}

function membersView(members: Readonly<Record<string, unknown>>): HTMLElement {
  const list = element('dl', 'members');
  for (const [name, value] of Object.entries(members)) {
    const shown = element('dd', '', element('code', '', typeof value === 'string' ? value : JSON.stringify(value)));
    const time = TIMES[name];
    const note = MEANINGS[name];
    if (time !== undefined && typeof value === 'number') {
      shown.append(element('span', 'note', `${time} `, timeElement(value), `, ${isoOf(value)}`));
    } else if (note !== undefined) {
      shown.append(element('span', 'note', note));
    }
    list.append(element('dt', '', name), shown);
  }
  return list;
}

function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? 'beyond what a clock shows' : date.toISOString().replace('.000Z', 'Z');
}

/** Why there is no report. */
export function errorView({ code, message, hint }: ScopegateError): Child[] {
  const title = element('h2', '', `${message} `, element('code', '', code));
  return [element('section', 'card verdict fail', title, element('p', '', hint))];
}
