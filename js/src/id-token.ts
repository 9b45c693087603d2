import type { BoundCore } from './bound-core.ts';
import { Engine } from './engine.ts';
import { configError, hostError } from './errors.ts';
import { Observer } from './events/observer.ts';
import { type CallContext, Loader, type Question } from './loader.ts';
import { type IssuerOptions, type KeyOptions, type SplitOptions, splitOptions } from './options.ts';
import { type IdToken, readIdToken } from './token.ts';

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

interface IdTokenVerifier {
  readonly engine: Engine;
  readonly loader: Loader;
}

/**
 * Binds {@link VerifyIdToken} to a core.
 *
 * @internal
 */
export function idTokenVerifier({ runtime, ...host }: BoundCore): VerifyIdToken {
  const verifiers = new Map<string, IdTokenVerifier>();
  const identify = numbering();
  const observer = new Observer(undefined);

  const verifierFor = ({ core, ...others }: SplitOptions): IdTokenVerifier => {
    const entries = Object.entries(core).sort(([a], [b]) => (a < b ? -1 : 1));
    const { fetch, clock, keyStore } = others;
    const key = JSON.stringify([identify(fetch), identify(clock), keyStore && identify(keyStore), entries]);
    const known = verifiers.get(key);
    if (known !== undefined) return known;
    const engine = new Engine(runtime, { ...core, tokenUse: 'id' });
    const made = { engine, loader: new Loader(engine, { ...host, ...others, observer }) };
    const oldest = verifiers.keys().next();
    if (verifiers.size >= MAX_VERIFIERS && oldest.done !== true) verifiers.delete(oldest.value);
    verifiers.set(key, made);
    return made;
  };

  return async (token, options, context) => {
    const split = splitOptions(options);
    if (split.onEvent !== undefined) throw configError('verifyIdToken has no option "onEvent".');
    const { nonce, ...core } = split.core;
    if (nonce !== undefined && (typeof nonce !== 'string' || nonce === ''))
      throw configError('nonce must be a string.');
    const { engine, loader } = verifierFor({ ...split, core });
    if (typeof token !== 'string') throw hostError('token_malformed', 'Give the token as a string.');
    const question: Question<IdToken> = {
      token,
      ask: (now, signature) => engine.verify(token, 'null', nonce, now, signature),
      read: readIdToken,
    };
    return loader.settle(question, context);
  };
}

/** Gives each object a number of its own. */
function numbering(): (item: object) => number {
  const numbers = new WeakMap<object, number>();
  let next = 0;
  return (item) => {
    const number = numbers.get(item) ?? next++;
    numbers.set(item, number);
    return number;
  };
}
