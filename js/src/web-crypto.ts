import type { SignatureAnswer, SignatureNeeded } from './answer.ts';
import { decodeBase64url } from './base64url.ts';
import { type BoundCore, bindCore } from './bound-core.ts';
import { INTERNAL } from './error-rows.ts';
import { hostError } from './errors.ts';

/** Checks the signature of a token, whose form the core has checked; the answer is about this token alone. */
export type SignatureCheck = (token: string, needed: SignatureNeeded) => Promise<SignatureAnswer>;

/**
 * A core that leaves signatures to its host.
 *
 * @internal
 */
export interface WebCryptoCore extends BoundCore {
  readonly checkSignature: SignatureCheck;
}

/** A JWS algorithm in WebCrypto's words. */
interface Scheme {
  /** For `importKey`. */
  readonly key: { readonly name: string; readonly namedCurve?: string; readonly hash?: string };
  /** For `verify`. */
  readonly signature: { readonly name: string; readonly hash?: string; readonly saltLength?: number };
}

const NAMES: Readonly<Record<string, string>> = { ES: 'ECDSA', RS: 'RSASSA-PKCS1-v1_5', PS: 'RSA-PSS' };

/** `algorithm` is one of RFC 7518 §3.1, or `EdDSA` with Ed25519: the core asks for no other. */
function schemeOf(algorithm: string): Scheme {
  const name = NAMES[algorithm.slice(0, 2)] ?? 'Ed25519';
  const bits = Number(algorithm.slice(2));
  const hash = `SHA-${bits}`;
  if (name === 'Ed25519') return { key: { name }, signature: { name } };
  if (name === 'ECDSA')
    return { key: { name, namedCurve: `P-${bits === 512 ? 521 : bits}` }, signature: { name, hash } };
  // The salt of RSA-PSS is as long as the hash (RFC 7518 §3.5); the other scheme has none.
  return { key: { name, hash }, signature: { name, saltLength: bits / 8 } };
}

/** As many as a key set may have; issuers have two or three. */
const MAX_KEYS = 64;

/**
 * Makes what the package's functions are bound to; see {@link bindCore}.
 *
 * @internal
 */
export function bindWebCryptoCore(...parameters: Parameters<typeof bindCore>): WebCryptoCore {
  return { ...bindCore(...parameters), checkSignature: webCryptoCheck() };
}

/** Lets the host's WebCrypto check signatures. Imported keys are kept; they may serve any request, unlike promises. */
function webCryptoCheck(): SignatureCheck {
  const keys = new Map<string, CryptoKey>();

  /** `undefined`: the host refuses the key. */
  const importKey = async (name: string, jwk: string, scheme: Scheme): Promise<CryptoKey | undefined> => {
    const importing = crypto.subtle.importKey('jwk', JSON.parse(jwk), scheme.key, false, ['verify']);
    const imported = await importing.catch((failure) => {
      if (isRefusedKey(failure)) return undefined;
      throw failure;
    });
    if (imported === undefined) return undefined;
    if (keys.size >= MAX_KEYS) keys.delete(keys.keys().next().value as string);
    keys.set(name, imported);
    return imported;
  };

  return async (token, needed) => {
    const { key, algorithm } = needed;
    const end = token.lastIndexOf('.');
    const input = new TextEncoder().encode(token.slice(0, end));
    const signature = decodeBase64url(token.slice(end + 1));
    try {
      const scheme = schemeOf(algorithm);
      const name = `${algorithm} ${key}`;
      const imported = keys.get(name) ?? (await importKey(name, needed.jwk, scheme));
      const valid = imported && (await crypto.subtle.verify(scheme.signature, imported, signature, input));
      return { key, algorithm, valid };
    } catch (cause) {
      throw hostError(INTERNAL, `This host's WebCrypto failed to check a signature (${algorithm}).`, { cause });
    }
  };
}

/** WebCrypto refuses keys by a DataError, workerd by an OperationError; whatever else it throws says nothing about them. */
function isRefusedKey(failure: unknown): boolean {
  return failure instanceof DOMException && /^(Data|Operation)Error$/.test(failure.name);
}
