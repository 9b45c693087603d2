/** exp, nbf, iat, maxTokenAge (RFC 7519 §4.1.4 to 4.1.6, §2 NumericDate), to the millisecond. */
import { accepted, access, type Case, refused } from '../lib/case.ts';
import { EXP, IAT, type Members, NOW, Raw, token } from '../lib/token.ts';

const withClaims = (claims: Members): string => token({ claims });
const at = (seconds: number, more: Members = {}) => ({ now: Math.round(seconds * 1000), with: more });

function edges(): Case[] {
  const good = token();
  const expired = refused('token_expired', 'exp');
  const early = refused('token_not_yet_valid', 'nbf');
  const future = refused('token_issued_in_future', 'iat');
  const old = refused('token_too_old', 'iat');
  const strict = { clockTolerance: 0 };
  const nbf = withClaims({ nbf: IAT + 100 });
  const fraction = withClaims({ exp: new Raw(`${EXP}.5`) });
  const age = { maxTokenAge: 60 };
  return [
    access('exp-before', 'one millisecond before exp', good, accepted(), at(EXP - 0.001, strict)),
    access('exp-at', 'at exp: expired (on or after)', good, expired, at(EXP, strict)),
    access('exp-tolerance-before', 'one millisecond before exp + 5 s', good, accepted(), at(EXP + 4.999)),
    access('exp-tolerance-at', 'at exp + 5 s', good, expired, at(EXP + 5)),
    access(
      'exp-tolerance-600-before',
      'the greatest tolerance',
      good,
      accepted(),
      at(EXP + 599.999, { clockTolerance: 600 }),
    ),
    access('exp-tolerance-600-at', 'and its end', good, expired, at(EXP + 600, { clockTolerance: 600 })),
    access(
      'exp-tolerance-fraction',
      'a tolerance of half a second',
      good,
      expired,
      at(EXP + 0.5, { clockTolerance: 0.5 }),
    ),
    access(
      'exp-fraction-before',
      'a fractional exp',
      fraction,
      accepted({ expiresAt: EXP + 0.5 }),
      at(EXP + 0.499, strict),
    ),
    access('exp-fraction-at', 'and its end', fraction, expired, at(EXP + 0.5, strict)),
    access('exp-long-ago', 'years ago', withClaims({ exp: 1 }), expired),
    access('exp-zero', 'the epoch', withClaims({ exp: 0 }), expired),
    access(
      'exp-milliseconds',
      'milliseconds instead of seconds: far away, but valid',
      withClaims({ exp: EXP * 1000 }),
      accepted(),
    ),
    access('exp-before-iat', 'a lifetime below zero', withClaims({ exp: IAT - 60 }), expired),
    access('exp-is-iat', 'a lifetime of 0 within the tolerance', withClaims({ exp: IAT }), accepted(), at(IAT)),
    access('nbf-before', 'one millisecond before nbf', nbf, early, at(IAT + 99.999, strict)),
    access('nbf-at', 'at nbf: valid', nbf, accepted(), at(IAT + 100, strict)),
    access('nbf-tolerance-before', 'one millisecond before nbf - 5 s', nbf, early, at(IAT + 94.999)),
    access('nbf-tolerance-at', 'at nbf - 5 s', nbf, accepted(), at(IAT + 95)),
    access('nbf-past', 'long past', withClaims({ nbf: 1 }), accepted()),
    access('nbf-huge', 'never', withClaims({ nbf: new Raw('1e308') }), early),
    access('iat-before', 'issued one millisecond ahead of the clock', good, future, at(IAT - 0.001, strict)),
    access('iat-at', 'issued now', good, accepted({ issuedAt: IAT }), at(IAT, strict)),
    access('iat-tolerance-before', 'one millisecond more than 5 s ahead', good, future, at(IAT - 5.001)),
    access('iat-tolerance-at', 'exactly 5 s ahead', good, accepted(), at(IAT - 5)),
    access('iat-missing', 'no iat', withClaims({ iat: undefined }), accepted({ issuedAt: null })),
    access(
      'iat-fraction',
      'a fractional iat',
      withClaims({ iat: new Raw(`${IAT}.25`) }),
      accepted({ issuedAt: IAT + 0.25 }),
    ),
    access('age-at', 'exactly maxTokenAge', good, accepted(), at(IAT + 60, { ...age, ...strict })),
    access('age-after', 'one millisecond more', good, old, at(IAT + 60.001, { ...age, ...strict })),
    access('age-tolerance-at', 'exactly maxTokenAge and 5 s', good, accepted(), at(IAT + 65, age)),
    access('age-tolerance-after', 'one millisecond more', good, old, at(IAT + 65.001, age)),
    access(
      'age-without-iat',
      'maxTokenAge, but no iat: never silently not checked',
      withClaims({ iat: undefined }),
      refused('claim_missing', 'iat'),
      { with: age },
    ),
    access(
      'age-expired-first',
      'expired within maxTokenAge',
      withClaims({ exp: IAT + 10 }),
      expired,
      at(IAT + 30, age),
    ),
    access('clock-at-zero', 'a clock at the epoch', good, future, { now: 0 }),
    access('clock-far', 'a clock in the year 5138', withClaims({ exp: 100_000_000_001 }), accepted(), {
      now: 99_999_999_999_000,
    }),
  ];
}

/** Written exactly so in the payload. */
const FORMS: readonly (readonly [id: string, text: string, why: string])[] = [
  ['string', `"${EXP}"`, 'a number in quotation marks'],
  ['date', '"2030-01-01T00:00:00Z"', 'an ISO date'],
  ['null', 'null', 'null'],
  ['bool', 'true', 'true'],
  ['list', `[${EXP}]`, 'a list'],
  ['object', '{}', 'an object'],
  ['negative', '-1', 'before 1970'],
  ['negative-fraction', '-0.5', 'half a second before 1970'],
  ['negative-huge', '-1e308', 'very long before 1970'],
  ['infinite', '1e400', 'beyond a double'],
  ['minus-infinite', '-1e400', 'the same below zero'],
  ['digits-400', '9'.repeat(400), '400 digits'],
];

function forms(): Case[] {
  const wrong = ['exp', 'nbf', 'iat'].flatMap((name) =>
    FORMS.map(([id, text, why]) =>
      access(
        `${name}-form-${id}`,
        `${name}: ${why}`,
        withClaims({ [name]: new Raw(text) }),
        refused('claim_invalid', name),
      ),
    ),
  );
  const far: readonly (readonly [string, string, string])[] = [
    ['1e308', '1e308', 'huge but finite'],
    ['2-53', '9007199254740993', 'beyond 2^53'],
    ['2-64', '18446744073709551616', '2^64'],
    ['digits-300', '9'.repeat(300), '300 digits'],
    ['exponent', '1.7600036e9', 'written with an exponent'],
    ['exponent-upper', '17600036E2', 'E in upper case'],
    ['zeros', `${EXP}.000`, 'zeros after the point'],
    ['many-digits', `${EXP}.${'1'.repeat(60)}`, 'sixty digits after the point'],
  ];
  return [
    ...wrong,
    ...far.map(([id, text, why]) =>
      access(`exp-form-${id}`, `exp: ${why}`, withClaims({ exp: new Raw(text) }), accepted(), { now: NOW }),
    ),
    access('exp-form-1e308-value', 'its value', withClaims({ exp: new Raw('1e308') }), accepted({ expiresAt: 1e308 })),
    access(
      'exp-form-tiny',
      'exp: smaller than any double',
      withClaims({ exp: new Raw('1e-400') }),
      refused('token_expired', 'exp'),
    ),
    access('exp-missing', 'no exp', withClaims({ exp: undefined }), refused('claim_missing', 'exp')),
    access(
      'iat-form-1e308',
      'iat huge but finite',
      withClaims({ iat: new Raw('1e308') }),
      refused('token_issued_in_future', 'iat'),
    ),
    access('iat-form-zero', 'iat at the epoch', withClaims({ iat: 0 }), accepted({ issuedAt: 0 })),
    access('nbf-form-zero', 'nbf at the epoch', withClaims({ nbf: 0 }), accepted()),
  ];
}

export const times = (): Case[] => [...edges(), ...forms()];
