/** What is no JWS, strict base64url, limits (RFC 7515 §2, §3.1, §7.1). */
import { accepted, access, type Case, refused } from '../lib/case.ts';
import { thumbprint } from '../lib/keys.ts';
import { json, token, userClaims } from '../lib/token.ts';

const malformed = refused('token_malformed');
const OPAQUE = 'ITvTj5KASB0BGYcsPZKI5VpMcJKnLyt0jV4Wa7tuRGW';

function foreign(): Case[] {
  const good = token();
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const jwe = `${Buffer.from('{"alg":"ECDH-ES","enc":"A256GCM"}').toString('base64url')}..aXY.Y2lwaGVydGV4dA.dGFn`;
  const texts: readonly (readonly [string, string, string])[] = [
    ['empty', '', 'an empty string'],
    ['dot', '.', 'two empty segments'],
    ['two-dots', '..', 'three empty segments'],
    ['two-segments', `${header}.${payload}`, 'the signature was cut off'],
    ['four-segments', `${good}.${signature}`, 'four segments'],
    ['six-segments', `${good}.${good}`, 'two tokens joined by a dot'],
    ['one-segment', header, 'a header alone'],
    ['with-scheme', `Bearer ${good}`, 'the whole Authorization value'],
    ['quoted', `"${good}"`, 'in quotation marks'],
    ['space-before', ` ${good}`, 'a space before it'],
    ['line-feed-after', `${good}\n`, 'a line feed after it'],
    ['space-inside', `${header}. ${payload}.${signature}`, 'a space after a dot'],
    ['tab-inside', `${header}\t.${payload}.${signature}`, 'a tab before a dot'],
    ['zero-byte', `${good}\0`, 'a NUL after it'],
    ['byte-order-mark', `\ufeff${good}`, 'a byte order mark before it'],
    ['not-ascii', `${header}é.${payload}.${signature}`, 'a letter outside ASCII'],
    ['full-width-dots', good.replaceAll('.', '．'), 'full-width full stops for dots'],
    ['json-serialization', JSON.stringify({ protected: header, payload, signature }), 'flattened JSON serialization'],
    ['undefined', 'undefined', 'a JavaScript accident'],
    ['null', 'null', 'another one'],
    ['object', '[object Object]', 'a third one'],
    ['short-opaque', OPAQUE.slice(1), '42 characters are no opaque token'],
    ['long-opaque', `${OPAQUE}A`, '44 characters are no opaque token'],
    ['opaque-other-characters', `${OPAQUE.slice(1)}+`, '43 characters that are not all of the alphabet'],
    ['jwe-like', `${header}.${payload}.${signature}.a.b c`, 'five segments, one of them no base64url'],
  ];
  return [
    ...texts.map(([id, text, why]) => access(id, why, text, malformed)),
    access('opaque', "Logto's opaque token", OPAQUE, refused('token_opaque')),
    access('personal', 'a personal access token', 'pat_0123456789abcdefghijklmnopqrstuv', refused('token_personal')),
    access('subject', 'a subject token', 'sub_0123456789abcdefghijk', refused('token_subject')),
    access('encrypted', 'a JWE', jwe, refused('token_encrypted')),
    access('encrypted-empty', 'five empty segments have the form of a JWE', '....', refused('token_encrypted')),
  ];
}

/** Replaces the last character by one that differs in the bits that decoding drops. */
function trailingBits(segment: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  if (segment.length % 4 === 0) throw new Error('this segment has no spare bits');
  return segment.slice(0, -1) + alphabet[alphabet.indexOf(segment.slice(-1)) + 1];
}

/** Text of such a length that its last base64url group is not full. */
const uneven = (members: Record<string, unknown>): string => {
  const text = json(members);
  return text.length % 3 === 0 ? `${text} ` : text;
};

function base64url(): Case[] {
  const kid = thumbprint('ec384');
  const headerText = uneven({ alg: 'ES384', typ: 'at+jwt', kid });
  const payload = uneven(userClaims());
  const padded = (segment: string): string => `${segment}${'='.repeat((4 - (segment.length % 4)) % 4)}`;
  // "???" and "~~~" bring the characters in which the two alphabets differ.
  const standard = (segment: string): string => segment.replaceAll('-', '+').replaceAll('_', '/');
  const exotic = { claims: { note: '???~~~???>>>ÿÿÿ' } };
  const last = (change: (segment: string) => string) => (whole: string) => {
    const parts = whole.split('.');
    return [...parts.slice(0, 2), change(parts[2] ?? '')].join('.');
  };
  const all = { jwks: 'all' };
  return [
    access('exotic-characters', 'the characters - and _ in the payload', token(exotic), accepted()),
    access(
      'standard-alphabet',
      'the alphabet of plain base64, signed so',
      token({ ...exotic, encodedPayload: standard }),
      malformed,
    ),
    access(
      'padded-header',
      'padding after the header, signed so',
      token({ headerText, encodedHeader: padded }),
      malformed,
    ),
    access(
      'padded-payload',
      'padding after the payload, signed so',
      token({ payload, encodedPayload: padded }),
      malformed,
    ),
    access('padded-signature', 'padding after the signature', token({ key: 'ec256', whole: last(padded) }), malformed, {
      with: all,
    }),
    access(
      'trailing-bits-header',
      'the last character of the header holds bits that decoding drops, signed so',
      token({ headerText, encodedHeader: trailingBits }),
      malformed,
    ),
    access(
      'trailing-bits-payload',
      'the same in the payload, signed so',
      token({ payload, encodedPayload: trailingBits }),
      malformed,
    ),
    access(
      'trailing-bits-signature',
      'the same in the signature',
      token({ key: 'ec256', whole: last(trailingBits) }),
      malformed,
      { with: all },
    ),
    access(
      'impossible-length',
      'a segment of 4k + 1 characters',
      token({ whole: last((segment) => `${segment}A`) }),
      malformed,
    ),
    access(
      'line-broken-payload',
      'line breaks as in PEM, signed so',
      token({ encodedPayload: (text) => text.replace(/.{64}/g, '$&\n') }),
      malformed,
    ),
    access(
      'percent-encoded',
      'padding written as %3D',
      token({ payload, encodedPayload: (text) => `${text}%3D` }),
      malformed,
    ),
  ];
}

/** A token of exactly `length` bytes. */
function ofLength(length: number): string {
  const build = (pad: number, extra: string): string =>
    token({ header: { x: extra }, claims: { pad: 'p'.repeat(pad) } });
  for (const extra of ['', 'a', 'ab']) {
    const base = build(0, extra).length;
    const guess = Math.floor(((length - base) * 3) / 4);
    for (let pad = Math.max(0, guess - 3); pad <= guess + 3; pad++) {
      const made = build(pad, extra);
      if (made.length === length) return made;
    }
  }
  throw new Error(`no token of ${length} bytes`);
}

function limits(): Case[] {
  const tooLarge = refused('token_too_large');
  const nested = (levels: number): string => ['{"a":'.repeat(levels), '1', '}'.repeat(levels)].join('');
  const deep = (text: string): string => token({ payload: json(userClaims()).replace(/}$/, `,"deep":${text}}`) });
  return [
    access('length-at-limit', 'exactly 16 KiB', ofLength(16_384), accepted()),
    access('length-over-limit', 'one byte more than 16 KiB', ofLength(16_385), tooLarge),
    access('length-over-own-limit', 'over maxTokenLength', token(), tooLarge, { with: { maxTokenLength: 256 } }),
    access('length-20-kb', '20 kB of claims under a raised maxTokenLength', ofLength(20_000), accepted(), {
      with: { maxTokenLength: 32_768 },
    }),
    access('length-1-mb', 'a megabyte', { repeat: 'A', times: 1_048_577 }, tooLarge),
    access('length-1-mb-dots', 'a megabyte of dots', { repeat: '.', times: 1_000_000 }, tooLarge),
    access(
      'length-1-mb-personal',
      'a megabyte that begins like a personal access token',
      { repeat: 'pat_', times: 250_000 },
      tooLarge,
    ),
    access('depth-8', 'claims nested 8 deep', deep(nested(8)), accepted()),
    access('depth-32', 'JSON nested 32 deep, the claims object included', deep(nested(31)), accepted()),
    access('depth-33', 'JSON nested 33 deep', deep(nested(32)), malformed),
    access('depth-200', '200 levels, as a custom-claims script can make them', deep(nested(200)), malformed),
    access('depth-4000-arrays', '4,000 levels of arrays', deep('['.repeat(4000) + ']'.repeat(4000)), malformed),
    access(
      'depth-header',
      '200 levels in the header',
      token({
        headerText: json({ alg: 'ES384', typ: 'at+jwt', kid: thumbprint('ec384') }).replace(
          /}$/,
          `,"a":${nested(200)}}`,
        ),
      }),
      malformed,
    ),
  ];
}

export const structure = (): Case[] => [...foreign(), ...base64url(), ...limits()];
