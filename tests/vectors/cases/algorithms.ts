/** Every algorithm, accepted and tampered with; the allow-list; confusion of algorithms (RFC 8725 §3.1). */
import { createHmac, createPublicKey } from 'node:crypto';
import { ALL_ALGORITHMS, accepted, access, type Case, refused, type Setting } from '../lib/case.ts';
import { bareJwk, jwk, privateKey, thumbprint } from '../lib/keys.ts';
import { flipBit, json, token, USER, userClaims } from '../lib/token.ts';

/** Key, algorithm; the first five rows are allowed by default. */
const PAIRS: readonly (readonly [key: string, alg: string])[] = [
  ['ec384', 'ES384'],
  ['ec256', 'ES256'],
  ['ec521', 'ES512'],
  ['rsa2048', 'RS256'],
  ['rsa2048', 'PS256'],
  ['rsa2048', 'RS384'],
  ['rsa2048', 'RS512'],
  ['rsa2048', 'PS384'],
  ['rsa2048', 'PS512'],
  ['rsa4096', 'RS256'],
  ['rsa4096', 'RS384'],
  ['rsa4096', 'RS512'],
  ['rsa4096', 'PS256'],
  ['rsa4096', 'PS384'],
  ['rsa4096', 'PS512'],
  ['ed25519', 'EdDSA'],
];
const DEFAULTS = ['ES384', 'RS256', 'ES256', 'ES512', 'PS256'];

function pairs(): Case[] {
  return PAIRS.flatMap(([key, alg]) => {
    const setting: Setting = { with: { jwks: 'all', ...(!DEFAULTS.includes(alg) && { algorithms: [alg] }) } };
    const good = token({ key, alg });
    const other = token({ key, alg, claims: { sub: 'somebodyelse' } });
    const payloadOfOther = [...good.split('.').slice(0, 1), other.split('.')[1], good.split('.')[2]].join('.');
    const name = `${alg.toLowerCase()}-${key}`;
    const invalid = refused('signature_invalid');
    const signature = (suffix: string, why: string, change: (bytes: Buffer) => Buffer): Case =>
      access(`${name}-${suffix}`, why, token({ key, alg, signature: change }), invalid, setting);
    return [
      access(`${name}-accepted`, `${alg} by ${key}`, good, accepted({ subject: USER }), setting),
      access(`${name}-other-payload`, 'the payload of another token', payloadOfOther, invalid, setting),
      signature('first-bit', 'one bit of the first byte of the signature flipped', flipBit(0)),
      signature('last-bit', 'one bit of the last byte of the signature flipped', flipBit(-1)),
    ];
  });
}

function otherKeys(): Case[] {
  const rs256 = ['rsa3072', 'rsa8192', 'rsa2048e3'];
  return [
    ...rs256.map((key) =>
      access(`rs256-${key}`, `RS256 by ${key}`, token({ key }), accepted(), { with: { jwks: 'all' } }),
    ),
    access('rs256-jwk-without-alg', "Logto's RSA keys have no alg", token({ key: 'rsa2048' }), accepted(), {
      with: { jwks: 'rsa2048' },
    }),
    access(
      'ed25519-other-key',
      'signed by another Ed25519 key under the kid of the known one',
      token({ key: 'ed25519b', header: { kid: thumbprint('ed25519') } }),
      refused('signature_invalid'),
      { with: { jwks: 'all', algorithms: ['EdDSA'] } },
    ),
    access(
      'es384-other-key',
      'signed by another P-384 key under the kid of the known one',
      token({ key: 'ec384b', header: { kid: thumbprint('ec384') } }),
      refused('signature_invalid'),
    ),
    access(
      'rs256-other-key',
      'signed by another RSA key under the kid of the known one',
      token({ key: 'rsa2048b', header: { kid: thumbprint('rsa2048') } }),
      refused('signature_invalid'),
    ),
  ];
}

function allowList(): Case[] {
  const off = ['RS384', 'RS512', 'PS384', 'PS512', 'EdDSA'].map((alg) => {
    const key = alg === 'EdDSA' ? 'ed25519' : 'rsa2048';
    return access(
      `${alg.toLowerCase()}-off-by-default`,
      `${alg} is not allowed unless asked for`,
      token({ key, alg }),
      refused('algorithm_not_allowed', 'alg'),
      { with: { jwks: 'all' } },
    );
  });
  return [
    ...off,
    access(
      'default-taken-off',
      'ES384 although only RS256 is allowed',
      token(),
      refused('algorithm_not_allowed', 'alg'),
      {
        with: { algorithms: ['RS256'] },
      },
    ),
    access('all-allowed', 'the whole list at once', token(), accepted(), { with: { algorithms: ALL_ALGORITHMS } }),
  ];
}

/** A token whose signature is an HMAC keyed with what everybody knows. */
function hmac(alg: string, secret: string | Buffer): string {
  const message = token({ header: { alg } }).split('.').slice(0, 2).join('.');
  return `${message}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(message)
    .digest('base64url')}`;
}

function confusion(): Case[] {
  const denied = refused('algorithm_not_allowed', 'alg');
  const rsa = createPublicKey(privateKey('rsa2048'));
  const unsigned = (alg: unknown): string => {
    const header = json({ alg, typ: 'at+jwt', kid: thumbprint('ec384') });
    return `${Buffer.from(header).toString('base64url')}.${Buffer.from(json(userClaims())).toString('base64url')}.`;
  };
  const named = ['none', 'None', 'NONE', 'nOnE'].map((alg) =>
    access(`alg-${alg}`, 'unsigned, the signature empty', unsigned(alg), denied),
  );
  const unknown = ['es384', 'ES384 ', 'ES256K', 'Ed25519', 'RSA-OAEP', '', 'constructor', '__proto__'].map(
    (alg, index) => access(`alg-unknown-${index}`, `alg is ${JSON.stringify(alg)}`, token({ header: { alg } }), denied),
  );
  return [
    ...named,
    ...unknown,
    access(
      'alg-none-with-signature',
      'alg none over a good ES384 signature',
      token({ header: { alg: 'none' } }),
      denied,
    ),
    access('alg-missing', 'no alg at all', token({ header: { alg: undefined } }), denied),
    access(
      'hs256-public-pem',
      'HMAC keyed with the public key as PEM',
      hmac('HS256', rsa.export({ type: 'spki', format: 'pem' })),
      denied,
    ),
    access('hs256-public-jwk', 'HMAC keyed with the public JWK', hmac('HS256', JSON.stringify(jwk('rsa2048'))), denied),
    access(
      'hs384-public-x',
      'HMAC keyed with the x-coordinate',
      hmac('HS384', Buffer.from(String(bareJwk('ec384').x), 'base64url')),
      denied,
    ),
    access('hs512-empty', 'HMAC with an empty key', hmac('HS512', ''), denied),
    access(
      'rs256-signature-as-ps256',
      'a PKCS #1 signature under a PS256 header',
      token({ key: 'rsa2048', alg: 'RS256', header: { alg: 'PS256' } }),
      refused('signature_invalid'),
    ),
    access(
      'ps256-signature-as-rs256',
      'a PSS signature under an RS256 header',
      token({ key: 'rsa2048', alg: 'PS256', header: { alg: 'RS256' } }),
      refused('signature_invalid'),
    ),
    access(
      'rs512-signature-as-rs256',
      'a signature over another hash',
      token({ key: 'rsa2048', alg: 'RS512', header: { alg: 'RS256' } }),
      refused('signature_invalid'),
    ),
    access(
      'es512-hash-under-es384',
      'a P-384 signature over SHA-512',
      token({ key: 'ec384', alg: 'ES512', header: { alg: 'ES384' } }),
      refused('signature_invalid'),
    ),
    access(
      'es384-header-p256-key',
      'the kid names a P-256 key',
      token({ key: 'ec256', header: { alg: 'ES384' } }),
      refused('key_mismatch'),
      { with: { jwks: 'all' } },
    ),
    access(
      'es256-header-p384-key',
      'the kid names a P-384 key',
      token({ key: 'ec384', alg: 'ES256' }),
      refused('key_mismatch'),
      { with: { jwks: 'all' } },
    ),
    access(
      'es384-header-rsa-key',
      'the kid names an RSA key',
      token({ key: 'ec384', header: { kid: thumbprint('rsa2048') } }),
      refused('key_mismatch'),
    ),
    access(
      'rs256-header-ec-key',
      'the kid names an EC key',
      token({ key: 'rsa2048', header: { kid: thumbprint('ec384') } }),
      refused('key_mismatch'),
    ),
    access(
      'eddsa-header-ec-key',
      'the kid names an EC key',
      token({ key: 'ed25519', header: { kid: thumbprint('ec384') } }),
      refused('key_mismatch'),
      { with: { jwks: 'all', algorithms: ['EdDSA'] } },
    ),
  ];
}

export const algorithms = (): Case[] => [...pairs(), ...otherKeys(), ...allowList(), ...confusion()];
