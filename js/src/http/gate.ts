import type { ScopegateError } from '../errors.ts';
import type { CallContext } from '../loader.ts';
import type { PermissionModel } from '../requirement.ts';
import type { AccessToken } from '../token.ts';
import type { AsyncVerifier } from '../verifier.ts';
import type { RequestLike } from './bearer.ts';
import { Guard, type GuardOptions, isPreflight, isRefusal } from './guard.ts';
import type { HttpAnswer } from './response.ts';
import { openSession } from './session.ts';

/** A request, as a framework hands it to its adapter. */
export interface Arrival<Source> {
  /** Lives as long as the request, and is the same for all of the adapter's functions: the session's key. */
  readonly key: object;
  readonly method: string | undefined;
  /** Whose headers count. */
  readonly request: RequestLike;
  /** What the organization is read from. */
  readonly source: Source;
  readonly context?: CallContext | undefined;
}

/** A request that was let in. */
export interface Entry {
  /** `null`: no credentials, and none needed. */
  readonly token: AccessToken | null;
  readonly refusal?: undefined;
}

/** A request that was not let in, and what to answer. */
export interface Refusal {
  readonly refusal: HttpAnswer;
  readonly error: ScopegateError;
}

/** The option of adapters whose framework calls the same handlers for every method. */
export interface PreflightOption {
  /**
   * Lets CORS preflights (which carry no credentials) pass to the next handler, without a token. Default false: put what
   * answers them before `requireAuth` instead, or a handler that ignores the method runs for anybody.
   */
  readonly preflight?: boolean;
}

/** A guard that remembers whom it let in, for the `requireScopes` that come after it. */
export class Gate<Source> {
  readonly #guard: Guard<Source>;
  readonly #preflight: boolean;

  /**
   * @param options preflights pass if `preflight` is `true`; anything else is the adapter's own affair.
   * @param more names of options that only this adapter has.
   * @throws {ScopegateError} `config_invalid`
   */
  constructor(
    verifier: AsyncVerifier<PermissionModel>,
    options: GuardOptions<Source> & { readonly preflight?: unknown } = {},
    more: readonly string[] = [],
  ) {
    this.#guard = new Guard<Source>(verifier, options, ['preflight', ...more]);
    this.#preflight = options.preflight === true;
  }

  /**
   * Decides about a request, and opens its session if it may pass.
   *
   * @throws whatever the organization function throws, and `config_invalid`: faults of the server.
   */
  async enter({ key, method, request, source, context }: Arrival<Source>): Promise<Entry | Refusal> {
    const guard = this.#guard;
    if (this.#preflight && isPreflight(method, request)) {
      openSession(key, { guard, token: null, preflight: true });
      return { token: null };
    }
    try {
      const token = await guard.admit(request, source, context);
      openSession(key, { guard, token, preflight: false });
      return { token };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { refusal: guard.answer(error), error };
    }
  }
}
