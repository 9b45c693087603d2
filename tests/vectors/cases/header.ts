/** The protected header: typ, crit, b64, keys it brings along, kid (RFC 7515 §4.1, RFC 9068 §2.1). */
import { accepted, access, type Case, refused } from '../lib/case.ts';
import { bareJwk, jwk, thumbprint } from '../lib/keys.ts';
import { token } from '../lib/token.ts';

const mismatch = refused('token_type_mismatch', 'typ');

function types(): Case[] {
  const good = ['at+jwt', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'Application/AT+JWT'];
  const bad = [
    'JWT',
    'jwt',
    'logout+jwt',
    'dpop+jwt',
    'id+jwt',
    'at',
    'at+jwt2',
    'xat+jwt',
    'at jwt',
    ' at+jwt',
    'at+jwt ',
    'text/at+jwt',
    'application/',
    'application/application/at+jwt',
    '',
  ];
  return [
    ...good.map((typ, i) => access(`typ-good-${i}`, `typ ${typ}`, token({ header: { typ } }), accepted())),
    ...bad.map((typ, i) => access(`typ-bad-${i}`, `typ ${JSON.stringify(typ)}`, token({ header: { typ } }), mismatch)),
    access(
      'typ-missing',
      'no typ: an ID token of Logto 1.42 has none',
      token({ header: { typ: undefined } }),
      mismatch,
    ),
    access('typ-other', 'another typ is expected', token(), mismatch, { with: { typ: 'JWT' } }),
    access('typ-other-expected', 'and found', token({ header: { typ: 'JWT' } }), accepted(), { with: { typ: 'JWT' } }),
    access('typ-opt-out', 'typ: null looks at no typ', token({ header: { typ: 'whatever' } }), accepted(), {
      with: { typ: null },
    }),
    access('typ-opt-out-missing', 'nor misses it', token({ header: { typ: undefined } }), accepted(), {
      with: { typ: null },
    }),
  ];
}

function critical(): Case[] {
  const unsupported = refused('critical_header_unsupported');
  return [
    access('crit-b64', 'unencoded payload (RFC 7797)', token({ header: { b64: false, crit: ['b64'] } }), unsupported),
    access(
      'crit-unknown',
      'an extension nobody understands',
      token({ header: { crit: ['exp'], exp: 1 } }),
      unsupported,
    ),
    access('crit-empty', 'an empty list is no list', token({ header: { crit: [] } }), unsupported),
    access('crit-null', 'crit is null', token({ header: { crit: null } }), unsupported),
    access('crit-known-name', 'crit names a registered parameter', token({ header: { crit: ['alg'] } }), unsupported),
    access('b64-false', 'b64 without crit', token({ header: { b64: false } }), unsupported),
    access('b64-true', 'b64 with its default', token({ header: { b64: true } }), unsupported),
  ];
}

function embedded(): Case[] {
  const url = 'https://attacker.example/jwks';
  const own = { jwk: bareJwk('ec384b') };
  const stolen = { kid: thumbprint('ec384') };
  const certificate = { x5c: ['MIIBszCCATqgAwIBAgIUAA=='], x5t: 'AAAA', 'x5t#S256': 'AAAA' };
  const invalid = refused('signature_invalid');
  const unknown = refused('key_not_found');
  return [
    access(
      'jwk-own-kid',
      'signed with the key of its own header, under its kid',
      token({ key: 'ec384b', header: own }),
      unknown,
    ),
    access(
      'jwk-stolen-kid',
      'the same under the kid of the tenant',
      token({ key: 'ec384b', header: { ...own, ...stolen } }),
      invalid,
    ),
    access('jwk-no-kid', 'the same without kid', token({ key: 'ec384b', header: { ...own, kid: undefined } }), invalid),
    access(
      'jwk-is-tenant-key',
      'jwk holds the public key of the tenant',
      token({ key: 'ec384b', header: { ...stolen, jwk: jwk('ec384') } }),
      invalid,
    ),
    access('jku', 'jku names the place of the key', token({ key: 'ec384b', header: { ...stolen, jku: url } }), invalid),
    access('jku-own-kid', 'the same under its own kid', token({ key: 'ec384b', header: { jku: url } }), unknown),
    access(
      'x5u',
      'x5u names the place of a certificate',
      token({ key: 'ec384b', header: { ...stolen, x5u: url } }),
      invalid,
    ),
    access(
      'x5c',
      'a certificate in the header',
      token({ key: 'ec384b', header: { ...stolen, ...certificate } }),
      invalid,
    ),
    access('jwk-ignored', 'a good token with another key in its header: ignored', token({ header: own }), accepted()),
    access(
      'jku-ignored',
      'a good token with jku, x5u and x5c: ignored',
      token({ header: { jku: url, x5u: url, ...certificate } }),
      accepted(),
    ),
    access(
      'jwk-wrong-type-ignored',
      'jwk and jku of the wrong types: ignored',
      token({ header: { jwk: 1, jku: null, x5c: 'x' } }),
      accepted(),
    ),
  ];
}

function kids(): Case[] {
  const unknown = refused('key_not_found');
  const kid = thumbprint('ec384');
  const names = [
    'unknown',
    '',
    kid.toLowerCase(),
    `${kid} `,
    kid.slice(0, -1),
    `${kid}\0`,
    '../../../../dev/null',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
    'x'.repeat(4000),
    '读',
    kid.toUpperCase(),
  ];
  return [
    ...names.map((name, i) =>
      access(
        `kid-unknown-${i}`,
        `no key is called ${JSON.stringify(name.slice(0, 60))}`,
        token({ header: { kid: name } }),
        unknown,
      ),
    ),
    access(
      'kid-of-other-tenant',
      'a good signature by a key that the set does not have',
      token({ key: 'ec384b' }),
      unknown,
    ),
    access('kid-removed', 'the key has left the set after a rotation', token({ key: 'rsa2048' }), unknown, {
      with: { jwks: 'ec384' },
    }),
    access('kid-absent-one-key', 'no kid, one key', token({ header: { kid: undefined } }), accepted(), {
      with: { jwks: 'ec384' },
    }),
    access(
      'kid-absent-mixed-set',
      'no kid, an EC and an RSA key: one fits',
      token({ header: { kid: undefined } }),
      accepted(),
    ),
    access(
      'kid-absent-mixed-set-rsa',
      'the same for RS256',
      token({ key: 'rsa2048', header: { kid: undefined } }),
      accepted(),
    ),
    access(
      'kid-absent-wrong-signature',
      'no kid, and the one key that fits did not sign',
      token({ key: 'ec384b', header: { kid: undefined } }),
      refused('signature_invalid'),
    ),
    access(
      'kid-absent-none-fits',
      'no kid, and no key of this type',
      token({ key: 'rsa2048', header: { kid: undefined } }),
      unknown,
      { with: { jwks: 'ec384' } },
    ),
    access(
      'kid-absent-several-fit',
      'no kid, and two keys fit: no guessing',
      token({ header: { kid: undefined } }),
      refused('key_mismatch'),
      { with: { jwks: { keys: [jwk('ec384'), jwk('ec384b')] } } },
    ),
  ];
}

export const header = (): Case[] => [...types(), ...critical(), ...embedded(), ...kids()];
