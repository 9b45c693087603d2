import type { SignatureAnswer, SignatureNeeded } from './answer.ts';
import { decodeBase64url } from './base64url.ts';
import { type BoundCore, bindCore } from './bound-core.ts';
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

const ecdsa = (namedCurve: string, hash: string): Scheme => ({
  key: { name: 'ECDSA', namedCurve },
  signature: { name: 'ECDSA', hash },
});
const pkcs1 = (hash: string): Scheme => ({
  key: { name: 'RSASSA-PKCS1-v1_5', hash },
  signature: { name: 'RSASSA-PKCS1-v1_5' },
});
/** The salt is as long as the hash (RFC 7518 §3.5). */
const pss = (hash: string, saltLength: number): Scheme => ({
  key: { name: 'RSA-PSS', hash },
  signature: { name: 'RSA-PSS', saltLength },
});

const SCHEMES: Readonly<Record<string, Scheme>> = {
  ES256: ecdsa('P-256', 'SHA-256'),
  ES384: ecdsa('P-384', 'SHA-384'),
  ES512: ecdsa('P-521', 'SHA-512'),
  RS256: pkcs1('SHA-256'),
  RS384: pkcs1('SHA-384'),
  RS512: pkcs1('SHA-512'),
  PS256: pss('SHA-256', 32),
  PS384: pss('SHA-384', 48),
  PS512: pss('SHA-512', 64),
  EdDSA: { key: { name: 'Ed25519' }, signature: { name: 'Ed25519' } },
};

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
    const oldest = keys.keys().next();
    if (keys.size >= MAX_KEYS && oldest.done !== true) keys.delete(oldest.value);
    keys.set(name, imported);
    return imported;
  };

  return async (token, needed) => {
    const { key, algorithm } = needed;
    const end = token.lastIndexOf('.');
    const input = new TextEncoder().encode(token.slice(0, end));
    const signature = decodeBase64url(token.slice(end + 1));
    try {
      const scheme = SCHEMES[algorithm] as Scheme;
      const name = `${algorithm} ${key}`;
      const imported = keys.get(name) ?? (await importKey(name, needed.jwk, scheme));
      const valid = imported && (await crypto.subtle.verify(scheme.signature, imported, signature, input));
      return { key, algorithm, valid };
    } catch (cause) {
      throw hostError('internal', `This host's WebCrypto failed to check a signature (${algorithm}).`, { cause });
    }
  };
}

/** WebCrypto refuses keys by a DataError, workerd by an OperationError; whatever else it throws says nothing about them. */
function isRefusedKey(failure: unknown): boolean {
  return failure instanceof DOMException && (failure.name === 'DataError' || failure.name === 'OperationError');
}
