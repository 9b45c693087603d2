import { refusal } from './answer.ts';
import type { BoundCore } from './bound-core.ts';
import { Engine } from './engine.ts';
import type { ScopegateError } from './errors.ts';
import { Observer, type Watch } from './events/observer.ts';
import { authorizationOf, type RequestLike } from './http/bearer.ts';
import type { ChallengeOptions } from './http/challenge.ts';
import { type CallContext, Loader, type Question } from './loader.ts';
import { splitOptions, type VerifierOptions } from './options.ts';
import { type Report, readReport } from './report.ts';
import {
  type Demand,
  type PermissionModel,
  readRequirement,
  type ScopeRequirement,
  scopesTextAgain,
} from './requirement.ts';
import type { Runtime } from './runtime.ts';
import { type AccessToken, readAccessToken } from './token.ts';
import { readTokenCache, TokenCache } from './token-cache.ts';
import { tokenText } from './token-text.ts';
import type { CreateVerifier, Verifier } from './verifier.ts';

/** The one implementation behind the three permission models. */
export class CoreVerifier implements Verifier<PermissionModel> {
  readonly permissionModel: PermissionModel;
  readonly #runtime: Runtime;
  readonly #engine: Engine;
  readonly #loader: Loader;
  readonly #cache: TokenCache | undefined;
  readonly #observer: Observer;

  constructor({ runtime, ...host }: BoundCore, options: VerifierOptions) {
    const { core, onEvent, ...others } = splitOptions(options);
    const { tokenCache, ...coreOptions } = core;
    const maxEntries = readTokenCache(tokenCache);
    this.#runtime = runtime;
    this.#engine = new Engine(runtime, coreOptions);
    this.permissionModel = (core.permissionModel as PermissionModel | undefined) ?? 'resource';
    this.#observer = new Observer(onEvent);
    this.#loader = new Loader(this.#engine, { ...host, ...others, observer: this.#observer });
    this.#cache = maxEntries === 0 ? undefined : new TokenCache(this.#engine, maxEntries);
  }

  async verify(token: string, requirement?: unknown, context?: CallContext): Promise<AccessToken> {
    const watch = this.#observer.watch();
    try {
      const demand = readRequirement(requirement);
      const known = this.#recall(token, demand, watch);
      const verified = known ?? (await this.#loader.settle(this.#question(token, demand), context));
      watch?.accepted(verified);
      return verified;
    } catch (error) {
      watch?.refused(error);
      throw error;
    }
  }

  verifySync(token: string, requirement?: unknown, context?: CallContext): AccessToken {
    const watch = this.#observer.watch();
    try {
      const demand = readRequirement(requirement);
      const known = this.#recall(token, demand, watch);
      const verified = known ?? this.#loader.settleSync(this.#question(token, demand), context);
      watch?.accepted(verified);
      return verified;
    } catch (error) {
      watch?.refused(error);
      throw error;
    }
  }

  async authenticate(request: RequestLike, requirement?: unknown, context?: CallContext): Promise<AccessToken> {
    const answer = this.#runtime.run((glue) => glue.bearer_token(authorizationOf(request)));
    if (answer.startsWith('E')) {
      const error = refusal(answer);
      // Nothing happened to a token where none was sent.
      if (error.code !== 'token_missing') this.#observer.watch()?.refused(error);
      throw error;
    }
    return this.verify(answer.slice(1), requirement, context);
  }

  async explain(token: string, requirement?: unknown, context?: CallContext): Promise<Report> {
    const { required, organization } = readRequirement(requirement);
    const text = typeof token === 'string' ? token : '';
    return this.#loader.settle(
      {
        token: text,
        ask: (now, signature) => this.#engine.explain(text, required, organization, now, signature),
        read: readReport,
      },
      context,
    );
  }

  async preload(context?: CallContext): Promise<void> {
    await this.#loader.settle({ token: '', ask: (now) => this.#engine.preload(now), read: () => undefined }, context);
  }

  requireScopes(token: Pick<AccessToken, 'scopes'>, scopes: ScopeRequirement): void {
    const watch = this.#observer.watch();
    const answer = this.#engine.checkScopes(scopesTextAgain(scopes), [...token.scopes].join(' '));
    if (!answer.startsWith('E')) return;
    const error = refusal(answer);
    // Who asks about a mere set of scopes asks about no token.
    if ('subject' in token) watch?.refused(error);
    throw error;
  }

  challenge(error: ScopegateError, options: ChallengeOptions = {}): string | null {
    const { code, status, missing } = error;
    // Nothing is wrong with the credentials, and after a trap the core had better be left alone.
    if (status === null || status >= 500) return null;
    const question = JSON.stringify({ ...options, code, missing });
    return this.#runtime.run((glue) => glue.challenge(question)) || null;
  }

  #recall(token: unknown, demand: Demand, watch: Watch | undefined): AccessToken | undefined {
    const known = typeof token === 'string' ? this.#cache?.recall(token, demand, this.#loader.now()) : undefined;
    if (known !== undefined) watch?.recalled();
    return known;
  }

  #question(token: string, { required, organization }: Demand): Question<AccessToken> {
    const text = tokenText(token);
    return {
      token: text,
      ask: (now, signature) => this.#engine.verify(text, required, organization, now, signature),
      read: (accepted) => {
        const verified = readAccessToken(accepted, token);
        this.#cache?.keep(text, verified);
        return verified;
      },
    };
  }
}

/**
 * Binds `createVerifier` to a core.
 *
 * @internal
 */
export function verifierFactory(core: BoundCore): CreateVerifier {
  return ((options: VerifierOptions) => new CoreVerifier(core, options)) as CreateVerifier;
}
