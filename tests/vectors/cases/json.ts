/** Strict JSON in header and payload: duplicates, encodings, what is no object (RFC 8725 §2.4, RFC 8259). */
import { accepted, access, type Case, refused } from '../lib/case.ts';
import { thumbprint } from '../lib/keys.ts';
import { json, Raw, token, USER, userClaims } from '../lib/token.ts';

const malformed = refused('token_malformed');
const KID = thumbprint('ec384');

/** The user's claims with more text before the closing brace. */
const plus = (text: string): string => json(userClaims()).replace(/}$/, `,${text}}`);
const headerPlus = (text: string): string => json({ alg: 'ES384', typ: 'at+jwt', kid: KID }).replace(/}$/, `,${text}}`);

function payloads(): Case[] {
  const bytes = (text: string, ...more: number[]): Buffer => Buffer.concat([Buffer.from(text), Buffer.from(more)]);
  const bad: readonly (readonly [string, string, string | Buffer])[] = [
    ['duplicate-exp', 'exp twice', plus('"exp":9999999999')],
    ['duplicate-same-value', 'scope twice with the same value', plus('"scope":"read:posts write:posts"')],
    ['duplicate-escaped', 'sub twice, once written with an escape', plus('"\\u0073ub":"admin"')],
    ['duplicate-custom', 'a custom claim twice', plus('"x":1,"x":2')],
    ['duplicate-nested', 'twice inside a custom claim', plus('"x":{"a":1,"b":[],"a":2}')],
    ['duplicate-in-array', 'twice inside an object in an array', plus('"x":[[{"a":1,"a":1}]]')],
    ['duplicate-proto', '__proto__ twice', plus('"__proto__":{},"__proto__":{}')],
    ['array', 'an array', '[]'],
    ['array-of-claims', 'the claims in an array', `[${json(userClaims())}]`],
    ['string', 'a string', JSON.stringify(json(userClaims()))],
    ['number', 'a number', '1'],
    ['null', 'null', 'null'],
    ['empty', 'nothing', ''],
    ['text', 'no JSON', 'hello'],
    ['cut', 'cut off', json(userClaims()).slice(0, -1)],
    ['two-objects', 'two objects', `${json(userClaims())}{}`],
    ['trailing-text', 'text after the object', `${json(userClaims())} x`],
    ['trailing-comma', 'a comma before the brace', json(userClaims()).replace(/}$/, ',}')],
    ['comment', 'a comment', plus('"x":1/* no */')],
    ['single-quotes', 'single quotes', "{'sub':'a'}"],
    ['bare-nan', 'NaN', plus('"x":NaN')],
    ['bare-infinity', 'Infinity', plus('"x":Infinity')],
    ['leading-zero', 'a number with a leading zero', plus('"x":01')],
    ['plus-sign', 'a number with a plus sign', plus('"x":+1')],
    ['raw-control', 'a raw line feed in a string', plus('"x":"a\nb"')],
    ['byte-order-mark', 'a byte order mark', `\ufeff${json(userClaims())}`],
    ['invalid-utf8', 'a byte that is no UTF-8', bytes(plus('"x":"').slice(0, -1), 0xff, 0x22, 0x7d)],
    ['overlong-utf8', 'an overlong form of /', bytes(plus('"x":"').slice(0, -1), 0xc0, 0xaf, 0x22, 0x7d)],
    ['surrogate-utf8', 'a surrogate in UTF-8 (CESU)', bytes(plus('"x":"').slice(0, -1), 0xed, 0xa0, 0x80, 0x22, 0x7d)],
    ['utf16', 'UTF-16', Buffer.from(json(userClaims()), 'utf16le')],
    ['lone-surrogate', 'an escaped surrogate without its other half: no Unicode text', plus('"x":"\\ud800"')],
    ['lone-low-surrogate', 'the lower half alone', plus('"x":"\\udc00"')],
    ['lone-surrogate-name', 'the same in a member name', plus('"\\ud800":1')],
    ['lone-surrogate-sub', 'the same in sub', json(userClaims({ sub: new Raw('"\\ud800"') }))],
    ['bad-escape', 'an unknown escape', plus('"x":"\\q"')],
  ];
  const pretty = JSON.stringify(userClaims(), null, 2);
  return [
    ...bad.map(([id, why, payload]) => access(`payload-${id}`, why, token({ payload }), malformed)),
    access('payload-pretty', 'line breaks and indentation', token({ payload: pretty }), accepted({ subject: USER })),
    access(
      'payload-crlf',
      'CR LF and tabs around the members',
      token({ payload: pretty.replaceAll('\n', '\r\n\t') }),
      accepted({ subject: USER }),
    ),
    access(
      'payload-trailing-space',
      'white space around the object',
      token({ payload: ` ${json(userClaims())}\n` }),
      accepted(),
    ),
    access(
      'payload-escaped-names',
      'names and values written with escapes',
      token({
        payload: json(userClaims()).replace('"sub"', '"\\u0073\\u0075b"').replace('read:', '\\u0072ead\\u003a'),
      }),
      accepted({ subject: USER, scopes: ['read:posts', 'write:posts'] }),
    ),
    access(
      'payload-surrogate-pair',
      'an escaped pair of surrogates is one character',
      token({ payload: plus('"x":"\\ud83d\\ude00"') }),
      accepted({ claims: { x: '😀' } }),
    ),
    access('payload-empty-object', 'no claims at all', token({ payload: '{}' }), refused('claim_missing', 'iss')),
    access(
      'payload-many-members',
      'a thousand custom claims',
      token({ claims: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`c${i}`, i])) }),
      accepted({ subject: USER }),
    ),
  ];
}

function hazards(): Case[] {
  const evil = '{"isAdmin":true,"scopes":["admin"]}';
  return [
    access(
      'proto-claim',
      'a claim named __proto__ must change nothing',
      token({ payload: plus(`"__proto__":${evil},"safe":1`) }),
      accepted({ subject: USER, scopes: ['read:posts', 'write:posts'], claims: { safe: 1 } }),
    ),
    access(
      'proto-nested',
      'the same deeper down',
      token({ payload: plus(`"x":{"__proto__":${evil}},"safe":1`) }),
      accepted({ subject: USER, claims: { safe: 1 } }),
    ),
    access(
      'proto-escaped',
      'the same with an escape',
      token({ payload: plus(`"\\u005f_proto__":${evil},"safe":1`) }),
      accepted({ subject: USER, claims: { safe: 1 } }),
    ),
    access(
      'constructor-claim',
      'constructor and prototype',
      token({ payload: plus(`"constructor":{"prototype":${evil}},"safe":1`) }),
      accepted({ subject: USER, claims: { safe: 1 } }),
    ),
    access(
      'method-names',
      'claims named like methods',
      token({ payload: plus('"toString":"x","hasOwnProperty":1,"valueOf":null,"then":"y"') }),
      accepted({ subject: USER }),
    ),
    access(
      'proto-instead-of-sub',
      'sub only inside __proto__: not inherited',
      token({ payload: json(userClaims({ sub: undefined })).replace(/}$/, ',"__proto__":{"sub":"admin"}}') }),
      refused('claim_missing', 'sub'),
    ),
  ];
}

function headers(): Case[] {
  const bad: readonly (readonly [string, string, string | Buffer])[] = [
    ['duplicate-alg', 'alg twice', headerPlus('"alg":"none"')],
    ['duplicate-kid', 'kid twice', headerPlus('"kid":"x"')],
    ['duplicate-typ-escaped', 'typ twice, once with an escape', headerPlus('"t\\u0079p":"JWT"')],
    ['duplicate-unknown', 'an unknown member twice', headerPlus('"x":1,"x":1')],
    ['duplicate-nested', 'twice inside jwk', headerPlus('"jwk":{"kty":"EC","kty":"RSA"}')],
    ['array', 'an array', '["ES384"]'],
    ['string', 'a string', '"ES384"'],
    ['null', 'null', 'null'],
    ['empty', 'nothing', ''],
    ['not-json', 'no JSON', 'alg=ES384'],
    ['cut', 'cut off', headerPlus('"x":1').slice(0, -1)],
    [
      'invalid-utf8',
      'a byte that is no UTF-8',
      Buffer.concat([Buffer.from(headerPlus('"x":"').slice(0, -1)), Buffer.from([0xff, 0x22, 0x7d])]),
    ],
    ['lone-surrogate', 'half a surrogate pair', headerPlus('"x":"\\udfff"')],
    ['byte-order-mark', 'a byte order mark', `\ufeff${headerPlus('"x":1')}`],
  ];
  return [
    ...bad.map(([id, why, headerText]) => access(`header-${id}`, why, token({ headerText }), malformed)),
    access('header-kid-number', 'kid is a number', token({ header: { kid: 1 } }), refused('token_malformed', 'kid')),
    access(
      'header-alg-array',
      'alg is a list',
      token({ header: { alg: ['ES384', 'none'] } }),
      refused('token_malformed', 'alg'),
    ),
    access('header-typ-number', 'typ is a number', token({ header: { typ: 1 } }), refused('token_malformed', 'typ')),
    access(
      'header-pretty',
      'line breaks in the header',
      token({ headerText: JSON.stringify({ alg: 'ES384', typ: 'at+jwt', kid: KID }, null, 2) }),
      accepted(),
    ),
    access(
      'header-unknown-members',
      'members nobody knows',
      token({ header: { x: [1, { y: null }], cty: 'x', zip: 'DEF' } }),
      accepted(),
    ),
  ];
}

export const strictJson = (): Case[] => [...payloads(), ...hazards(), ...headers()];
