/** Forms of the scope claim, requirements over it, and what is missing (RFC 6749 §3.3). */
import { accepted, access, type Case, type Expect, refused, type Setting } from '../lib/case.ts';
import { Raw, token } from '../lib/token.ts';

const scoped = (scope: unknown): string => token({ claims: { scope } });
const lacks = (...missing: string[]): Expect => ({ code: 'scope_insufficient', claim: 'scope', missing });
const needs = (scopes: unknown, more: Setting = {}): Setting => ({ requirement: { scopes }, ...more });

function forms(): Case[] {
  const read: readonly (readonly [id: string, why: string, scope: unknown, scopes: string[]])[] = [
    ['absent', 'no scope: a machine without permissions', undefined, []],
    ['null', 'null', null, []],
    ['empty', 'an empty string: a user without permissions', '', []],
    ['space', 'one space', ' ', []],
    ['spaces', 'spaces only', '     ', []],
    ['one', 'one scope', 'read:posts', ['read:posts']],
    ['two', 'two scopes', 'read:posts write:posts', ['read:posts', 'write:posts']],
    ['runs', 'runs of spaces', '  read:posts    write:posts ', ['read:posts', 'write:posts']],
    ['repeated', 'a scope twice', 'a b a', ['a', 'b']],
    ['tab', 'a tab does not separate', 'a\tb c', ['a\tb', 'c']],
    ['line-feed', 'nor does a line feed', 'a\nb', ['a\nb']],
    ['no-break-space', 'nor does a no-break space', 'a\u00a0b', ['a\u00a0b']],
    ['comma', 'nor does a comma', 'a,b', ['a,b']],
    ['unicode', 'names beyond ASCII', '읽기:글 書く 😀', ['읽기:글', '書く', '😀']],
    ['odd-characters', 'quotes, backslash, angle brackets', 'a"b c\\d <x> é', ['a"b', 'c\\d', '<x>', 'é']],
    ['escapes', 'written with escapes', new Raw('"\\u0072ead:posts\\u0020b"'), ['read:posts', 'b']],
    [
      'hazardous-names',
      'scopes named like object members',
      '__proto__ constructor toString',
      ['__proto__', 'constructor', 'toString'],
    ],
    [
      'long',
      'three hundred scopes',
      Array.from({ length: 300 }, (_, i) => `scope:${i}`).join(' '),
      Array.from({ length: 300 }, (_, i) => `scope:${i}`),
    ],
  ];
  const wrong: readonly (readonly [string, unknown])[] = [
    ['array', ['read:posts']],
    ['empty-array', []],
    ['number', 1],
    ['object', { 'read:posts': true }],
    ['bool', true],
  ];
  return [
    ...read.map(([id, why, scope, scopes]) => access(`scope-${id}`, why, scoped(scope), accepted({ scopes }))),
    ...wrong.map(([id, scope]) =>
      access(`scope-${id}`, `scope is ${JSON.stringify(scope)}`, scoped(scope), refused('claim_invalid', 'scope')),
    ),
    access(
      'scope-array-required',
      'a list, though it holds what is required',
      scoped(['read:posts']),
      refused('claim_invalid', 'scope'),
      needs('read:posts'),
    ),
    ...[undefined, null, '', '  '].map((scope, i) =>
      access(
        `scope-none-${i}`,
        `scope is ${JSON.stringify(scope) ?? 'absent'}, and one is required`,
        scoped(scope),
        lacks('read:posts'),
        needs('read:posts'),
      ),
    ),
  ];
}

function requirements(): Case[] {
  const rw = 'read:posts write:posts';
  const all = (...allOf: unknown[]) => ({ allOf });
  const any = (...anyOf: unknown[]) => ({ anyOf });
  const met: readonly (readonly [string, string, string, unknown])[] = [
    ['one', 'one scope', rw, 'read:posts'],
    ['list', 'a list is all of them', rw, ['write:posts', 'read:posts']],
    ['list-of-one', 'a list of one', rw, ['read:posts']],
    ['all-of', 'allOf', rw, all('read:posts', 'write:posts')],
    ['any-of', 'anyOf by its second', rw, any('admin:all', 'write:posts')],
    ['nested', 'anyOf of allOf', rw, any('admin:all', all('read:posts', 'write:posts'))],
    ['nested-list', 'a list inside anyOf is all of them', rw, any('admin:all', ['read:posts', 'write:posts'])],
    ['deep', 'allOf, anyOf, allOf, anyOf', rw, all('read:posts', any('x', all('read:posts', any('y', 'write:posts'))))],
    ['unicode', 'a scope beyond ASCII', '읽기:글', '읽기:글'],
    ['odd', 'a scope with a quote', 'a"b,c', 'a"b,c'],
    ['hazardous', 'a scope named __proto__', '__proto__', '__proto__'],
    ['repeated', 'the same scope twice', rw, ['read:posts', 'read:posts']],
  ];
  const unmet: readonly (readonly [string, string, string, unknown, string[]])[] = [
    ['one', 'one scope', 'write:posts', 'read:posts', ['read:posts']],
    ['list-one', 'one of a list', 'read:posts', ['read:posts', 'write:posts'], ['write:posts']],
    ['list-all', 'all of a list, in its order', 'x', ['b', 'a', 'c'], ['b', 'a', 'c']],
    ['repeated', 'named once, though required twice', 'x', ['a', 'a'], ['a']],
    ['any-of', 'anyOf: the first of equals', 'x', any('a', 'b'), ['a']],
    ['any-of-least', 'anyOf: the alternative that lacks the fewest', 'b', any(['a', 'c'], ['b', 'd']), ['d']],
    ['nested', 'what lacks across levels', 'a', all('a', any(['b', 'c'], 'd'), 'e'), ['d', 'e']],
    ['prefix', 'a prefix is not the scope', 'read', 'read:posts', ['read:posts']],
    ['longer', 'nor is a longer one', 'read:posts:all', 'read:posts', ['read:posts']],
    ['case', 'nor another case', 'Read:Posts', 'read:posts', ['read:posts']],
    ['wildcard', 'there are no wildcards', 'read:* * admin:all all', 'read:posts', ['read:posts']],
    ['comma', 'commas do not separate', 'read:posts,write:posts', 'read:posts', ['read:posts']],
    ['tab', 'nor do tabs', 'read:posts\twrite:posts', 'read:posts', ['read:posts']],
    ['normal-form', 'é as one character and as two', 'e\u0301', 'é', ['é']],
    [
      'hazardous',
      'members of every object are no scopes',
      'x',
      ['constructor', '__proto__'],
      ['constructor', '__proto__'],
    ],
  ];
  return [
    ...met.map(([id, why, scope, scopes]) => access(`required-${id}`, why, scoped(scope), accepted(), needs(scopes))),
    ...unmet.map(([id, why, scope, scopes, missing]) =>
      access(`lacking-${id}`, why, scoped(scope), lacks(...missing), needs(scopes)),
    ),
  ];
}

function implied(): Case[] {
  const impliedScopes = { 'admin:all': ['read:posts', 'write:posts', 'delete:posts'], 'write:posts': ['read:posts'] };
  const more = { with: { impliedScopes } };
  return [
    access(
      'implied',
      'admin:all includes delete:posts',
      scoped('admin:all'),
      accepted({ scopes: ['admin:all'] }),
      needs('delete:posts', more),
    ),
    access(
      'implied-several',
      'and all of a list',
      scoped('admin:all'),
      accepted(),
      needs(['read:posts', 'delete:posts'], more),
    ),
    access(
      'implied-not-back',
      'not the other way round',
      scoped('read:posts write:posts delete:posts'),
      lacks('admin:all'),
      needs('admin:all', more),
    ),
    access(
      'implied-partly',
      'write:posts includes read:posts only',
      scoped('write:posts'),
      lacks('delete:posts'),
      needs(['read:posts', 'delete:posts'], more),
    ),
    access(
      'implied-chain',
      'implications of implications',
      scoped('a'),
      accepted(),
      needs('c', { with: { impliedScopes: { a: ['b'], b: ['c'] } } }),
    ),
    access(
      'implied-circle',
      'a circle ends',
      scoped('a'),
      lacks('c'),
      needs('c', { with: { impliedScopes: { a: ['b'], b: ['a'] } } }),
    ),
    access(
      'implied-unset',
      'without impliedScopes admin:all is only a name',
      scoped('admin:all'),
      lacks('delete:posts'),
      needs('delete:posts'),
    ),
  ];
}

export const scopes = (): Case[] => [...forms(), ...requirements(), ...implied()];
