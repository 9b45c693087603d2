/** Signature values at the edges of what RFC 7518 §3, RFC 8017 and RFC 8032 allow. */
import { createHash } from 'node:crypto';
import { accepted, access, type Case, refused } from '../lib/case.ts';
import { privateJwk } from '../lib/keys.ts';
import { curveOf, modulusBytes, pss, rsaRaw, toBytes, toInt } from '../lib/sign.ts';
import { token } from '../lib/token.ts';

const invalid = refused('signature_invalid');
const setting = { with: { jwks: 'all', algorithms: ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA'] } };

function ecdsaEdges(key: string, alg: string): Case[] {
  const { order, bytes } = curveOf(key);
  const zero = Buffer.alloc(bytes);
  const n = toBytes(order, bytes);
  const r = (signature: Buffer): Buffer => signature.subarray(0, bytes);
  const s = (signature: Buffer): Buffer => signature.subarray(bytes);
  const changes: readonly (readonly [string, string, (signature: Buffer) => Buffer])[] = [
    ['r-zero', 'r = 0', (sig) => Buffer.concat([zero, s(sig)])],
    ['s-zero', 's = 0', (sig) => Buffer.concat([r(sig), zero])],
    ['both-zero', 'r = s = 0', () => Buffer.alloc(2 * bytes)],
    ['r-order', 'r = n', (sig) => Buffer.concat([n, s(sig)])],
    ['s-order', 's = n', (sig) => Buffer.concat([r(sig), n])],
    ['s-all-ones', 's = 2^k - 1', (sig) => Buffer.concat([r(sig), Buffer.alloc(bytes, 0xff)])],
    ['swapped', 's ‖ r', (sig) => Buffer.concat([s(sig), r(sig)])],
    ['short', 'the last byte is missing', (sig) => sig.subarray(0, -1)],
    ['long', 'one byte too many', (sig) => Buffer.concat([sig, Buffer.from([0])])],
    [
      'padded',
      'a zero byte before each half',
      (sig) => Buffer.concat([Buffer.from([0]), r(sig), Buffer.from([0]), s(sig)]),
    ],
    ['empty', 'no signature', () => Buffer.alloc(0)],
    ['der', 'the same numbers in ASN.1, as OpenSSL writes them', der(bytes)],
  ];
  const negated = (signature: Buffer): Buffer =>
    Buffer.concat([r(signature), toBytes(order - toInt(s(signature)), bytes)]);
  const name = alg.toLowerCase();
  return [
    ...changes.map(([id, why, signature]) =>
      access(`${name}-${id}`, why, token({ key, alg, signature }), invalid, setting),
    ),
    access(
      `${name}-s-negated`,
      'n - s for s: JWS knows no low-s rule, so that it verifies',
      token({ key, alg, signature: negated }),
      accepted(),
      setting,
    ),
  ];
}

/** r ‖ s written as an ASN.1 SEQUENCE of two INTEGERs. */
const der =
  (bytes: number) =>
  (signature: Buffer): Buffer => {
    const integer = (half: Buffer): Buffer => {
      const first = half.findIndex((byte) => byte !== 0);
      const digits = half.subarray(first);
      const body = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits;
      return Buffer.concat([Buffer.from([2, body.length]), body]);
    };
    const body = Buffer.concat([integer(signature.subarray(0, bytes)), integer(signature.subarray(bytes))]);
    const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
    return Buffer.concat([Buffer.from([0x30, ...length]), body]);
  };

/** The DigestInfo of SHA-256 (RFC 8017 §9.2, note 1). */
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');
/** The same without the NULL parameters. */
const DIGEST_INFO_WITHOUT_NULL = Buffer.from('302f300b06096086480165030402010420', 'hex');
const SHA1_INFO = Buffer.from('3021300906052b0e03021a05000414', 'hex');

function pkcs1(
  key: string,
  info: Buffer,
  digest: Buffer,
  change: (block: Buffer) => Buffer = (block) => block,
): Buffer {
  const tail = Buffer.concat([Buffer.from([0]), info, digest]);
  const block = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(modulusBytes(key) - tail.length - 2, 0xff), tail]);
  return rsaRaw(key, change(block));
}

const sha256 = (message: Buffer): Buffer => createHash('sha256').update(message).digest();

function rsaEdges(): Case[] {
  const key = 'rsa2048';
  const modulus = toInt(Buffer.from(String(privateJwk(key).n), 'base64url'));
  const case_ = (
    alg: string,
    id: string,
    why: string,
    signature: (sig: Buffer, message: Buffer) => Buffer,
    good = false,
  ) => access(`${alg.toLowerCase()}-${id}`, why, token({ key, alg, signature }), good ? accepted() : invalid, setting);
  const set =
    (at: number, value: number) =>
    (block: Buffer): Buffer => {
      block[at] = value;
      return block;
    };
  const garbage = (block: Buffer): Buffer => {
    // The padding is 10 bytes shorter, and 10 bytes follow the digest.
    const tail = block.subarray(block.indexOf(0, 2));
    const padding = Buffer.alloc(block.length - tail.length - 12, 0xff);
    return Buffer.concat([Buffer.from([0, 1]), padding, tail, Buffer.alloc(10, 0x5a)]);
  };
  return [
    case_('RS256', 'raw-block', 'the same signature made by hand', (_, m) => pkcs1(key, DIGEST_INFO, sha256(m)), true),
    case_('RS256', 'without-null', 'a DigestInfo without NULL', (_, m) =>
      pkcs1(key, DIGEST_INFO_WITHOUT_NULL, sha256(m)),
    ),
    case_('RS256', 'sha1', 'a SHA-1 DigestInfo', (_, m) =>
      pkcs1(key, SHA1_INFO, createHash('sha1').update(m).digest()),
    ),
    case_('RS256', 'block-type-2', 'padded for encryption', (_, m) => pkcs1(key, DIGEST_INFO, sha256(m), set(1, 2))),
    case_('RS256', 'padding-byte', 'a padding byte that is not FF', (_, m) =>
      pkcs1(key, DIGEST_INFO, sha256(m), set(9, 0xfe)),
    ),
    case_('RS256', 'garbage', 'bytes after the digest', (_, m) => pkcs1(key, DIGEST_INFO, sha256(m), garbage)),
    case_('RS256', 'short', 'the last byte is missing', (sig) => sig.subarray(0, -1)),
    case_('RS256', 'long', 'one byte too many', (sig) => Buffer.concat([sig, Buffer.from([0])])),
    case_('RS256', 'zero-before', 'a zero byte before the number', (sig) => Buffer.concat([Buffer.from([0]), sig])),
    case_('RS256', 'empty', 'no signature', () => Buffer.alloc(0)),
    case_('RS256', 'zero', 'the number 0', (sig) => Buffer.alloc(sig.length)),
    case_('RS256', 'one', 'the number 1', (sig) => toBytes(1n, sig.length)),
    case_('RS256', 'modulus', 'the modulus itself', (sig) => toBytes(modulus, sig.length)),
    case_('RS256', 'modulus-minus-one', 'n - 1', (sig) => toBytes(modulus - 1n, sig.length)),
    case_('PS256', 'salt-empty', 'no salt (RFC 7518 §3.5: as long as the hash)', (_, m) => pss(key, 'sha256', m, 0)),
    case_('PS256', 'salt-20', 'a salt of 20 bytes', (_, m) => pss(key, 'sha256', m, 20)),
    case_('PS256', 'mgf1-sha1', 'MGF1 over SHA-1', (_, m) => pss(key, 'sha256', m, 32, 'sha1')),
    case_('PS256', 'sha384', 'everything over SHA-384', (_, m) => pss(key, 'sha384', m)),
    case_('PS256', 'short', 'the last byte is missing', (sig) => sig.subarray(0, -1)),
    case_('PS256', 'zero', 'the number 0', (sig) => Buffer.alloc(sig.length)),
    plusModulus(key, modulus),
  ];
}

/** s + n is congruent to s, and no representative below n (RFC 8017 §8.2.2, step 1 of RSAVP1). */
function plusModulus(key: string, modulus: bigint): Case {
  for (let attempt = 0; ; attempt++) {
    const claims = { jti: `attempt-${attempt}` };
    let fits = false;
    const signature = (sig: Buffer): Buffer => {
      const sum = toInt(sig) + modulus;
      fits = sum < 1n << BigInt(8 * sig.length);
      return fits ? toBytes(sum, sig.length) : sig;
    };
    const made = token({ key, claims, signature });
    if (fits) return access('rs256-plus-modulus', 's + n', made, invalid, setting);
  }
}

function ed25519Edges(): Case[] {
  const key = 'ed25519';
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const little = (bytes: Buffer): bigint => toInt(Buffer.from(bytes).reverse());
  const case_ = (id: string, why: string, signature: (sig: Buffer) => Buffer) =>
    access(`eddsa-${id}`, why, token({ key, signature }), invalid, setting);
  return [
    case_('s-plus-order', 'S + L: only S < L may verify (RFC 8032 §5.1.7)', (sig) =>
      Buffer.concat([sig.subarray(0, 32), toBytes(little(sig.subarray(32)) + order, 32).reverse()]),
    ),
    case_('s-zero', 'S = 0', (sig) => Buffer.concat([sig.subarray(0, 32), Buffer.alloc(32)])),
    case_('all-zero', 'R and S zero', () => Buffer.alloc(64)),
    case_('short', 'the last byte is missing', (sig) => sig.subarray(0, -1)),
    case_('long', 'one byte too many', (sig) => Buffer.concat([sig, Buffer.from([0])])),
    case_('empty', 'no signature', () => Buffer.alloc(0)),
  ];
}

export const signatures = (): Case[] => [
  ...ecdsaEdges('ec256', 'ES256'),
  ...ecdsaEdges('ec384', 'ES384'),
  ...ecdsaEdges('ec521', 'ES512'),
  ...rsaEdges(),
  ...ed25519Edges(),
];
