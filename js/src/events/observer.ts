import { ScopegateError } from '../errors.ts';
import { freezeDeep } from '../json.ts';
import type { AccessToken } from '../token.ts';
import { type Channels, openChannels } from './channels.ts';
import type { KeysEvent, TokenEvent, VerifierEvent } from './types.ts';

/** Hears of every event. What it throws, or rejects with, is dropped. */
export type EventListener = (event: VerifierEvent) => void;

/** An event of the keys without what is the same for all of them. */
export type KeysNews = KeysEvent extends infer Event
  ? Event extends KeysEvent
    ? Omit<Event, 'jwksUri'>
    : never
  : never;

/** Tells the listener and the host's channels what a verifier does. Whatever they do, it changes no verdict. */
export class Observer {
  readonly #listener: EventListener | undefined;
  readonly #channels: Channels | undefined = openChannels();

  constructor(listener: EventListener | undefined) {
    this.#listener = listener;
  }

  /** Begins to watch the verification of a token; `undefined` if nobody would hear of it. */
  watch(): Watch | undefined {
    if (this.#listener === undefined && this.#channels?.token.hasSubscribers !== true) return undefined;
    return watching((event) => this.#deliver(event, 'token'));
  }

  /** Tells what happened to a key set. */
  keys(jwksUri: string, news: KeysNews): void {
    if (news.type === 'keys_fetched') freezeDeep(news.rejected);
    this.#deliver({ ...news, jwksUri } as KeysEvent, 'keys');
  }

  #deliver(event: VerifierEvent, channel: keyof Channels): void {
    Object.freeze(event);
    try {
      // Its type says void, but an asynchronous function fits that as well.
      const promised = this.#listener?.(event) as PromiseLike<void> | undefined;
      promised?.then?.(undefined, () => undefined);
    } catch {
      // A listener's failure is not the request's.
    }
    const heard = this.#channels?.[channel];
    if (heard?.hasSubscribers === true) heard.publish(event);
  }
}

/** The error itself is what the request is answered with: a listener gets one that it cannot change. */
function frozenCopy(error: ScopegateError): ScopegateError {
  const { message, cause, stack } = error;
  const copy = new ScopegateError({ ...error, message }, { cause });
  if (stack !== undefined) Object.defineProperty(copy, 'stack', { value: stack });
  return Object.freeze(copy);
}

/** Tells what comes of the verification of one token. */
export interface Watch {
  recalled(): void;
  accepted(token: AccessToken): void;
  /** A wrong requirement (`config_invalid`) is no refusal of the token. */
  refused(error: unknown): void;
}

function watching(deliver: (event: TokenEvent) => void): Watch {
  const started = performance.now();
  const duration = () => ({ durationMs: performance.now() - started });
  return {
    recalled() {
      deliver({ type: 'cache_hit' });
    },
    accepted({ subject, clientId, isMachine, organizationId }) {
      deliver({ type: 'token_accepted', subject, clientId, isMachine, organizationId, ...duration() });
    },
    refused(error) {
      if (!(error instanceof ScopegateError) || error.code === 'config_invalid') return;
      deliver({ type: 'token_refused', code: error.code, error: frozenCopy(error), ...duration() });
    },
  };
}
