/** Key sets: keys that contradict themselves or the token, and sets that are none (RFC 7517 §4, RFC 7518 §6). */
import { accepted, access, type Case, type Expect, refused } from '../lib/case.ts';
import { bareJwk, type Jwk, jwk, KEY_SETS, thumbprint } from '../lib/keys.ts';
import { token } from '../lib/token.ts';

const mismatch = refused('key_mismatch');

const without = (key: Jwk, ...names: string[]): Jwk =>
  Object.fromEntries(Object.entries(key).filter(([name]) => !names.includes(name))) as Jwk;

/** A token by `name` against a set that holds `key` beside a good RSA key. */
function single(
  id: string,
  why: string,
  name: string,
  key: Record<string, unknown>,
  expect: Expect,
  alg?: string,
): Case {
  const by = { key: name, ...(alg !== undefined && { alg }) };
  const other = name === 'rsa2048' ? jwk('ec384') : jwk('rsa2048');
  return access(id, why, token(by), expect, { with: { jwks: { keys: [key, other] } } });
}

function conflicts(): Case[] {
  const ec = (changes: Record<string, unknown>): Jwk => jwk('ec384', changes);
  const rsa = (changes: Record<string, unknown>): Jwk => jwk('rsa2048', changes);
  const bare = bareJwk('ec384');
  const x = Buffer.from(String(bare.x), 'base64url');
  const y = Buffer.from(String(bare.y), 'base64url');
  const b64 = (bytes: Buffer): string => bytes.toString('base64url');
  const flipped = Buffer.from(y);
  flipped[47] = (flipped[47] ?? 0) ^ 1;
  const n = Buffer.from(String(bareJwk('rsa2048').n), 'base64url');
  const even = Buffer.from(n);
  even[255] = (even[255] ?? 0) & 0xfe;
  const bad: readonly (readonly [string, string, Jwk])[] = [
    ['use-enc', 'use is enc', ec({ use: 'enc' })],
    ['use-empty', 'use is empty', ec({ use: '' })],
    ['key-ops-sign', 'key_ops allows signing only', ec({ key_ops: ['sign'] })],
    ['key-ops-empty', 'key_ops allows nothing', ec({ key_ops: [] })],
    ['key-ops-string', 'key_ops is no list', ec({ key_ops: 'verify' })],
    ['key-ops-numbers', 'key_ops is a list of numbers', ec({ key_ops: [1] })],
    ['alg-es256', 'alg ES256 on a P-384 key', ec({ alg: 'ES256' })],
    ['alg-rs256', 'alg RS256 on an EC key', ec({ alg: 'RS256' })],
    ['alg-hs384', 'alg HS384 on an EC key', ec({ alg: 'HS384' })],
    ['alg-none', 'alg none', ec({ alg: 'none' })],
    ['alg-lower-case', 'alg in lower case', ec({ alg: 'es384' })],
    ['alg-ecdh', 'alg ECDH-ES: for encryption', ec({ alg: 'ECDH-ES' })],
    ['alg-number', 'alg is a number', ec({ alg: 384 })],
    ['kty-missing', 'no kty', ec({ kty: undefined })],
    ['kty-lower-case', 'kty in lower case', ec({ kty: 'ec' })],
    ['kty-rsa', 'kty RSA with EC members', ec({ kty: 'RSA' })],
    ['kty-okp', 'kty OKP with a NIST curve', ec({ kty: 'OKP' })],
    ['kty-oct', 'a symmetric key', { kty: 'oct', kid: thumbprint('ec384'), k: 'AAAA' } as Jwk],
    ['crv-missing', 'no crv', ec({ crv: undefined })],
    ['crv-p256', 'crv P-256 with P-384 coordinates', ec({ crv: 'P-256', alg: undefined })],
    ['crv-unknown', 'an unknown curve', ec({ crv: 'P-385' })],
    ['x-missing', 'no x', ec({ x: undefined })],
    ['y-missing', 'no y', ec({ y: undefined })],
    ['x-padded', 'x with base64 padding', ec({ x: `${bare.x}==` })],
    ['x-short', 'x one byte short', ec({ x: b64(x.subarray(1)) })],
    ['x-long', 'a zero byte before x', ec({ x: b64(Buffer.concat([Buffer.from([0]), x])) })],
    ['off-curve', 'a point beside the curve', ec({ y: b64(flipped) })],
    ['swapped', 'x and y swapped', ec({ x: bare.y, y: bare.x })],
    ['zero-point', 'the point (0, 0)', ec({ x: b64(Buffer.alloc(48)), y: b64(Buffer.alloc(48)) })],
    ['coordinate-too-large', 'x = 2^384 - 1, not reduced', ec({ x: b64(Buffer.alloc(48, 0xff)) })],
  ];
  const badRsa: readonly (readonly [string, string, Jwk])[] = [
    ['rsa-use-enc', 'use is enc', rsa({ use: 'enc' })],
    ['rsa-n-missing', 'no n', rsa({ n: undefined })],
    ['rsa-e-missing', 'no e', rsa({ e: undefined })],
    ['rsa-e-one', 'e = 1', rsa({ e: 'AQ' })],
    ['rsa-e-even', 'e = 65538', rsa({ e: 'AQAC' })],
    ['rsa-e-zero', 'e = 0', rsa({ e: 'AA' })],
    ['rsa-e-huge', 'an exponent as long as the modulus', rsa({ e: b64(Buffer.alloc(256, 0xff)) })],
    ['rsa-n-even', 'an even modulus', rsa({ n: b64(even) })],
    ['rsa-n-2047', 'a modulus of 2047 bits', rsa({ n: b64(Buffer.concat([Buffer.from([0x7f]), n.subarray(1)])) })],
    ['rsa-n-16384', 'a modulus of 16,384 bits', rsa({ n: b64(Buffer.alloc(2048, 0xff)) })],
    ['rsa-n-standard-base64', 'n in the plain base64 alphabet', rsa({ n: n.toString('base64') })],
    ['rsa-alg-oaep', 'alg RSA-OAEP: for encryption', rsa({ alg: 'RSA-OAEP' })],
    ['rsa-alg-rs512', 'alg RS512, the token is RS256', rsa({ alg: 'RS512' })],
    ['rsa-alg-ps256', 'alg PS256, the token is RS256', rsa({ alg: 'PS256' })],
  ];
  return [
    ...bad.map(([id, why, key]) => single(id, why, 'ec384', key, mismatch)),
    ...badRsa.map(([id, why, key]) => single(id, why, 'rsa2048', key, mismatch)),
    single('rsa-1024', 'an RSA key of 1024 bits', 'rsa1024', jwk('rsa1024'), mismatch),
    access(
      'secp256k1',
      'the curve of ES256K',
      token({ key: 'ec256', header: { kid: thumbprint('secp256k1') } }),
      mismatch,
      { with: { jwks: { keys: [jwk('secp256k1'), jwk('rsa2048')] } } },
    ),
    single('rsa-alg-equal', 'alg RS256 on the RSA key', 'rsa2048', rsa({ alg: 'RS256' }), accepted()),
    single('key-ops-verify', 'key_ops allows verifying', 'ec384', ec({ key_ops: ['verify'] }), accepted()),
    single('key-ops-more', 'and signing', 'ec384', ec({ key_ops: ['sign', 'verify'] }), accepted()),
    single('use-absent', 'no use', 'ec384', without(ec({}), 'use'), accepted()),
    single('alg-absent', 'no alg on an EC key', 'ec384', without(ec({}), 'alg'), accepted()),
    single(
      'kid-absent',
      'a key without kid is not the one that the token names',
      'ec384',
      without(ec({}), 'kid'),
      refused('key_not_found'),
    ),
    single(
      'unknown-members',
      'members nobody knows',
      'ec384',
      { ...ec({}), ext: true, iat: 1, x5c: ['MII='], 'x-note': { a: [] } },
      accepted(),
    ),
  ];
}

function sets(): Case[] {
  const ec = jwk('ec384');
  const broken = jwk('ec384b', { y: bareJwk('ec384').y });
  const keys = (...list: unknown[]): { with: Record<string, unknown> } => ({ with: { jwks: { keys: list } } });
  return [
    access('bad-key-beside-good', 'a broken key does not cost the good one', token(), accepted(), keys(broken, ec)),
    access('set-aside', 'the token names the broken key', token({ key: 'ec384b' }), mismatch, keys(broken, ec)),
    access(
      'same-kid-other-type',
      'an RSA and an EC key with one kid: the type decides',
      token(),
      accepted(),
      keys(jwk('rsa2048', { kid: ec.kid }), ec),
    ),
    access(
      'same-kid-same-type',
      'two P-384 keys with one kid: no guessing',
      token(),
      mismatch,
      keys(jwk('ec384b', { kid: ec.kid }), ec),
    ),
    access(
      'three-keys',
      'Current, Next and Previous with mixed types',
      token({ key: 'rsa2048' }),
      accepted(),
      keys(ec, jwk('ec384b'), jwk('rsa2048')),
    ),
    access(
      'kid-not-a-thumbprint',
      'any kid will do',
      token({ header: { kid: 'key 1/ä' } }),
      accepted(),
      keys(jwk('ec384', { kid: 'key 1/ä' })),
    ),
    access(
      'none-usable',
      'a fixed set without any usable key',
      token(),
      refused('config_invalid'),
      keys(jwk('rsa1024')),
    ),
    access(
      'none-for-algorithms',
      'a fixed set without a key for an allowed algorithm',
      token(),
      refused('config_invalid'),
      {
        with: { algorithms: ['EdDSA'] },
      },
    ),
    access('empty-fixed', 'an empty fixed set', token(), refused('config_invalid'), keys()),
  ];
}

/** Documents as a fetch brings them, byte for byte. */
function served(): Case[] {
  const good = JSON.stringify(KEY_SETS.tenant);
  const ec = JSON.stringify(jwk('ec384'));
  const duplicate = (text: string): string => ec.replace(/}$/, `,${text}}`);
  // Which kid such a JWK has cannot be told, so the token's key is not in the set.
  const unread = refused('key_not_found');
  const unavailable = { code: 'keys_unavailable', retryAfter: 1 };
  const list = (...texts: string[]): string => `{"keys":[${texts.join(',')}]}`;
  const rsa = JSON.stringify(jwk('rsa2048'));
  return [
    access('served', 'the set comes by a fetch', token(), accepted(), { served: good }),
    access('served-unknown-kid', 'and does not have the key', token({ key: 'ec384b' }), refused('key_not_found'), {
      served: good,
    }),
    access('served-duplicate-kty', 'a JWK with kty twice is set aside', token(), unread, {
      served: list(duplicate('"kty":"EC"'), rsa),
    }),
    access('served-duplicate-x', 'a JWK with x twice', token(), unread, { served: list(duplicate('"x":"AAAA"'), rsa) }),
    access('served-duplicate-kid', 'a JWK with kid twice', token(), unread, {
      served: list(duplicate('"kid":"other"'), rsa),
    }),
    access('served-duplicate-beside-good', 'it does not cost the good key', token({ key: 'rsa2048' }), accepted(), {
      served: list(duplicate('"kty":"EC"'), rsa),
    }),
    access('served-odd-elements-beside-good', 'nor do elements that are no keys', token(), accepted(), {
      served: list('null', '1', '"x"', '[]', '{}', ec),
    }),
    access('served-duplicate-keys', 'keys twice', token(), unavailable, { served: `{"keys":[${rsa}],"keys":[${ec}]}` }),
    access('served-pretty', 'white space and more members', token(), accepted(), {
      served: `\n${JSON.stringify({ issued: 1, ...KEY_SETS.tenant }, null, 2)}\n`,
    }),
    access('served-64-keys', 'as many keys as may be', token(), accepted(), {
      served: list(...Array(63).fill(rsa), ec),
    }),
    access('served-65-keys', 'one key more', token(), unavailable, { served: list(...Array(64).fill(rsa), ec) }),
    access('served-nothing', 'the issuer cannot be reached', token(), unavailable, { served: null }),
    access('served-html', 'an error page', token(), unavailable, { served: '<!doctype html><title>502</title>' }),
    access('served-empty', 'an empty document', token(), unavailable, { served: '' }),
    access('served-array', 'an array', token(), unavailable, { served: `[${ec}]` }),
    access('served-no-keys', 'no keys', token(), unavailable, { served: '{}' }),
    access('served-keys-object', 'keys is no list', token(), unavailable, { served: '{"keys":{}}' }),
    access('served-no-usable-key', 'no usable key', token(), unavailable, {
      served: list(JSON.stringify(jwk('rsa1024'))),
    }),
    access('served-cut', 'cut off', token(), unavailable, { served: good.slice(0, -2) }),
    access('served-malformed-token', 'no fetch for what is no token', 'abc', refused('token_malformed'), {
      served: null,
    }),
  ];
}

export const keys = (): Case[] => [...conflicts(), ...sets(), ...served()];
