import type { BoundCore } from './bound-core.ts';
import { Engine } from './engine.ts';
import { configError } from './errors.ts';
import { Observer } from './events/observer.ts';
import { type CallContext, Loader } from './loader.ts';
import { type IssuerOptions, type KeyOptions, type SplitOptions, splitOptions } from './options.ts';
import { NOTHING } from './requirement.ts';
import { type IdToken, readIdToken } from './token.ts';
import { tokenText } from './token-text.ts';

/** The options of `verifyIdToken`. */
export type IdTokenOptions = IssuerOptions &
  KeyOptions & {
    /** The application's id: the token's audience. */
    readonly clientId: string;
    /** The `nonce` of the authentication request; give it whenever one was sent. */
    readonly nonce?: string;
  };

/**
 * Verifies an ID token (OpenID Connect Core §3.1.3.7): the proof of a sign-in, for the application that asked for it. A
 * function of its own, so that no option of an API's verifier can make it accept ID tokens. The issuer's keys are kept
 * between calls with the same options (for `fetch`, `clock` and `keyStore`: the same ones).
 *
 * @throws {ScopegateError} as a verifier's `verify`; `claim_invalid` for another nonce.
 */
export type VerifyIdToken = (token: string, options: IdTokenOptions, context?: CallContext) => Promise<IdToken>;

/** Applications are few; a caller that makes up options for each call must not fill the memory. */
const MAX_VERIFIERS = 32;

interface IdTokenVerifier extends Pick<SplitOptions, 'fetch' | 'clock' | 'keyStore'> {
  /** The options for the core, as text. */
  readonly key: string;
  readonly engine: Engine;
  readonly loader: Loader;
}

/**
 * Binds {@link VerifyIdToken} to a core.
 *
 * @internal
 */
export function idTokenVerifier({ runtime, ...host }: BoundCore): VerifyIdToken {
  /** The oldest first. */
  const verifiers: IdTokenVerifier[] = [];
  const observer = new Observer(undefined);

  const verifierFor = ({ core, ...own }: SplitOptions): IdTokenVerifier => {
    const key = JSON.stringify(Object.entries(core).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = verifiers.find(
      (one) => one.key === key && one.fetch === own.fetch && one.clock === own.clock && one.keyStore === own.keyStore,
    );
    if (known !== undefined) return known;
    const engine = new Engine(runtime, { ...core, tokenUse: 'id' });
    const made = { key, engine, loader: new Loader(engine, { ...host, ...own, observer }), ...own };
    if (verifiers.length >= MAX_VERIFIERS) verifiers.shift();
    verifiers.push(made);
    return made;
  };

  return async (token, options, context) => {
    const split = splitOptions(options);
    if (split.onEvent !== undefined) throw configError('verifyIdToken has no option "onEvent".');
    const { nonce, ...core } = split.core;
    if (nonce !== undefined && (typeof nonce !== 'string' || nonce === '')) {
      throw configError('nonce must be a non-empty string.');
    }
    const { engine, loader } = verifierFor({ ...split, core });
    const text = tokenText(token);
    return loader.settle(
      {
        token: text,
        ask: (now, signature) => engine.verify(text, NOTHING.required, nonce, now, signature),
        read: (accepted) => readIdToken(accepted, text),
      },
      context,
    );
  };
}
