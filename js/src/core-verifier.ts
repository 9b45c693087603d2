import { refusal } from './answer.ts';
import type { BoundCore } from './bound-core.ts';
import { Engine } from './engine.ts';
import { defect, type ScopegateError } from './errors.ts';
import { Observer, type Watch } from './events/observer.ts';
import { spaced } from './frozen-set.ts';
import { authorizationOf, type RequestLike, usualToken } from './http/bearer.ts';
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

/** @throws {ScopegateError} `internal` for what is no request. */
function authorizationIn(request: RequestLike): string | undefined {
  try {
    return authorizationOf(request);
  } catch (thrown) {
    throw defect(thrown);
  }
}

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
    if (watch !== undefined) return this.#verifyWatched(token, requirement, watch, context);
    const demand = readRequirement(requirement);
    return this.#recall(token, demand) ?? this.#loader.settle(this.#question(token, demand), context);
  }

  async #verifyWatched(token: string, requirement: unknown, watch: Watch, context?: CallContext): Promise<AccessToken> {
    try {
      const demand = readRequirement(requirement);
      const verified = this.#recall(token, demand, watch) ?? (await this.#settleLater(token, demand, context));
      watch.accepted(verified);
      return verified;
    } catch (error) {
      watch.refused(error);
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
    return this.verify(this.#tokenOf(request), requirement, context);
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
    const answer = this.#engine.checkScopes(scopesTextAgain(scopes), spaced(token.scopes));
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

  /** Even what takes no waiting comes later: a listener that hears of it may verify, too, and hear of that. */
  async #settleLater(token: string, demand: Demand, context?: CallContext): Promise<AccessToken> {
    return this.#loader.settle(this.#question(token, demand), context);
  }

  #tokenOf(request: RequestLike): string {
    const authorization = authorizationIn(request);
    const usual = usualToken(authorization);
    if (usual !== undefined) return usual;
    const answer = this.#runtime.run((glue) => glue.bearer_token(authorization));
    if (!answer.startsWith('E')) return answer.slice(1);
    const error = refusal(answer);
    // Nothing happened to a token where none was sent.
    if (error.code !== 'token_missing') this.#observer.watch()?.refused(error);
    throw error;
  }

  #recall(token: unknown, demand: Demand, watch?: Watch): AccessToken | undefined {
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
