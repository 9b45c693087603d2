import { accepted, needsSignature, signatureNeeded } from './answer.ts';
import { decodeBase64url } from './base64url.ts';
import type { BoundCore } from './bound-core.ts';
import { configError } from './errors.ts';
import { parseWithoutHazards } from './json.ts';
import { tokenText } from './token-text.ts';
import type { WebCryptoCore } from './web-crypto.ts';

/** A JWS whose signature holds. Nothing else about it was checked: no issuer, no audience, no lifetime. */
export interface VerifiedSignature {
  /** The protected header. */
  readonly header: Readonly<Record<string, unknown>>;
  /** The payload: any bytes, not necessarily JSON. */
  readonly payload: Uint8Array;
}

/**
 * The bare signature step (RFC 7515), for those who have something else than an access token: checks the signature of a
 * JWS in compact serialization, and no claims.
 *
 * @param token the JWS.
 * @param jwks the key set (RFC 7517 §5).
 * @param options `algorithms`: those allowed. Default ES384, RS256, ES256, ES512, PS256.
 * @throws {ScopegateError} from `token_malformed` to `signature_invalid`; `config_invalid`.
 */
export type VerifySignature = (
  token: string,
  jwks: { readonly keys: readonly object[] },
  options?: { readonly algorithms?: readonly string[] },
) => VerifiedSignature;

/**
 * {@link VerifySignature} where the host's WebCrypto checks the signature.
 *
 * @throws {ScopegateError} as `VerifySignature`, as a rejection.
 */
export type VerifySignatureAsync = (...parameters: Parameters<VerifySignature>) => Promise<VerifiedSignature>;

/**
 * Binds {@link VerifySignature} to a core.
 *
 * @internal
 */
export function signatureVerifier({ runtime }: BoundCore): VerifySignature {
  return (...parameters) => {
    const question = JSON.stringify(read(...parameters));
    return verified(runtime.run((glue) => glue.verify_signature(question)));
  };
}

/**
 * Binds {@link VerifySignatureAsync} to a core that does not check signatures itself.
 *
 * @internal
 */
export function asyncSignatureVerifier({ runtime, checkSignature }: WebCryptoCore): VerifySignatureAsync {
  return async (...parameters) => {
    const question = read(...parameters);
    const text = JSON.stringify(question);
    const answer = runtime.run((glue) => glue.verify_signature(text));
    if (!needsSignature(answer)) return verified(answer);
    const checked = await checkSignature(question.token, signatureNeeded(answer));
    // What was asked, not what the caller's objects have become since.
    const asked = JSON.parse(text) as object;
    return verified(runtime.run((glue) => glue.verify_signature(JSON.stringify({ ...asked, ...checked }))));
  };
}

/** The arguments as the core is asked about them. */
function read(...[token, jwks, options = {}]: Parameters<VerifySignature>) {
  const text = tokenText(token);
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'algorithms' || !Array.isArray(value)) throw configError('The only option is { algorithms: [...] }.');
  }
  return { token: text, jwks, algorithms: options.algorithms };
}

function verified(answer: string): VerifiedSignature {
  const text = accepted(answer);
  const end = text.indexOf('\n');
  return {
    header: parseWithoutHazards(text.slice(end + 1)) as VerifiedSignature['header'],
    payload: decodeBase64url(text.slice(0, end)),
  };
}
