/** The algorithms under measurement: each described once. */

import { constants, generateKeyPair, type KeyObject, type SignKeyObjectInput } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

export interface Algorithm {
  /** As results name it. */
  name: string;
  /** The `alg` of the header. */
  alg: string;
  /** For `crypto.sign` and `crypto.verify`; `null` where the algorithm has its own. */
  hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** How `crypto.sign` and `crypto.verify` are to use the key. */
  options: Omit<SignKeyObjectInput, 'key'>;
  /** For `crypto.subtle`. */
  subtle: { import: object; verify: object };
  generate: () => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>;
}

function ecdsa(alg: string, curve: string, bits: 256 | 384 | 512): Algorithm {
  return {
    name: alg,
    alg,
    hash: `sha${bits}`,
    options: { dsaEncoding: 'ieee-p1363' },
    subtle: { import: { name: 'ECDSA', namedCurve: curve }, verify: { name: 'ECDSA', hash: `SHA-${bits}` } },
    generate: () => generate('ec', { namedCurve: curve }),
  };
}

function rsa(alg: string, modulusLength: 2048 | 4096): Algorithm {
  const pss = alg.startsWith('PS');
  const name = pss ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
  return {
    name: modulusLength === 2048 ? alg : `${alg}-${modulusLength}`,
    alg,
    hash: 'sha256',
    options: pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {},
    subtle: { import: { name, hash: 'SHA-256' }, verify: { name, saltLength: 32 } },
    generate: () => generate('rsa', { modulusLength }),
  };
}

export const ALGORITHMS: readonly Algorithm[] = [
  ecdsa('ES384', 'P-384', 384),
  ecdsa('ES512', 'P-521', 512),
  ecdsa('ES256', 'P-256', 256),
  rsa('RS256', 2048),
  rsa('PS256', 2048),
  rsa('RS256', 4096),
  {
    name: 'EdDSA',
    alg: 'EdDSA',
    hash: null,
    options: {},
    subtle: { import: { name: 'Ed25519' }, verify: { name: 'Ed25519' } },
    generate: () => generate('ed25519'),
  },
];

/** @throws when there is no such algorithm. */
export function algorithmNamed(name: string): Algorithm {
  const found = ALGORITHMS.find((algorithm) => algorithm.name === name);
  if (found === undefined) throw new Error(`no algorithm ${name}`);
  return found;
}
