import { createPublicKey, verify } from 'node:crypto';
import { algorithmNamed } from '../algorithms.ts';
import type { Job } from '../job.ts';
import type { Check, Subject } from './subject.ts';

/** A token taken apart beforehand: no JWT work is left. */
interface Signed {
  message: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
}

/** The host's signature check alone: `crypto.verify` in Node, `crypto.subtle.verify` elsewhere. */
export const subject: Subject = {
  name: 'native',
  signatureOnly: true,
  create: async (job) => (job.host === 'node' ? nodeCrypto(job) : await webCrypto(job)),
};

function nodeCrypto({ algorithm: name, jwk }: Job): Check<Signed> {
  const { hash, options } = algorithmNamed(name);
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), ...options };
  return {
    async: false,
    input: takenApart(),
    run: ({ message, signature }) => insist(verify(hash, message, key, signature)),
  };
}

async function webCrypto({ algorithm: name, jwk }: Job): Promise<Check<Signed>> {
  const { subtle } = algorithmNamed(name);
  const { kty, crv, x, y, n, e } = jwk;
  const key = await crypto.subtle.importKey(
    'jwk',
    JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })),
    subtle.import as AlgorithmIdentifier,
    false,
    ['verify'],
  );
  const parameters = subtle.verify as AlgorithmIdentifier;
  return {
    async: true,
    input: takenApart(),
    run: async ({ message, signature }) => insist(await crypto.subtle.verify(parameters, key, signature, message)),
  };
}

function insist(valid: boolean): void {
  if (!valid) throw new Error('the signature is invalid');
}

/** Takes each token apart once. */
function takenApart(): (token: Uint8Array) => Signed {
  const known = new WeakMap<Uint8Array, Signed>();
  return (token) => {
    const seen = known.get(token);
    if (seen !== undefined) return seen;
    const dot = token.lastIndexOf(46);
    const text = new TextDecoder().decode(token.subarray(dot + 1));
    const signed = {
      message: Uint8Array.from(token.subarray(0, dot)),
      signature: Uint8Array.from(Buffer.from(text, 'base64url')),
    };
    known.set(token, signed);
    return signed;
  };
}
