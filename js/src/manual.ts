import type { Glue } from './core.ts';
import { CONFIG_INVALID } from './error-rows.ts';
import { configError, hostError } from './errors.ts';
import { type Flights, separateFlights } from './flight.ts';
import { instantiate } from './runtime.ts';

/** What is used of the `Response` to a fetch of the module. */
export interface FetchedModule {
  readonly ok: boolean;
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A `WebAssembly.Module`. Spelled without its name, which not every host's types know. */
export type CompiledModule = object;

/** The core's module as it is to be had at once: compiled, or the bytes of the `.wasm` file. */
export type ModuleSource = CompiledModule | ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/**
 * Starts a core from a module that the caller brings, and binds the package's functions to it. `createVerifier` is
 * synchronous, as everywhere; all the waiting is done here.
 *
 * Each call makes a core of its own: call it once, where the program starts.
 *
 * @param source the module of this very version of the package, `scopegate/scopegate.wasm` (for the other builds
 *   `scopegate/webcrypto.wasm`, `scopegate/reference.wasm`): compiled, its bytes, the `Response` to a fetch of it, or a
 *   promise of one of these.
 * @throws {ScopegateError} `config_invalid`, as a rejection, when it is none of these or another module, which a known
 *   signature tells; `cause` says what the host found wrong with it.
 */
export type Init<Bound> = (
  source: ModuleSource | FetchedModule | PromiseLike<ModuleSource | FetchedModule>,
) => Promise<Bound>;

/**
 * {@link Init} without waiting. Compiling bytes at once is what some hosts forbid (Workers, Vercel's edge); a compiled
 * module goes everywhere.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export type InitSync<Bound> = (source: ModuleSource) => Bound;

/** What `scopegate/manual` has instead of the functions themselves. */
export interface Manual<Bound> {
  readonly init: Init<Bound>;
  readonly initSync: InitSync<Bound>;
}

const EXPECTED =
  "Give init() the package's own .wasm file: a WebAssembly.Module, its bytes or the Response to a fetch.";

/** RFC 8037 appendix A.4: a signed token, and the public key. */
const KNOWN = {
  token:
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
  jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }] },
  algorithms: ['EdDSA'],
};

/**
 * Makes `init` and `initSync` for one build of the core.
 *
 * @param answer how this build's answer to a good signature begins (see `core.ts`): it accepts, or asks the host.
 * @internal
 */
export function manual<Bound>(
  bind: (createGlue: () => Glue, module: WebAssembly.Module, flights: () => Flights) => Bound,
  createGlue: () => Glue,
  answer: 'A' | 'S',
): Manual<Bound> {
  const start = (module: WebAssembly.Module): Bound => {
    // Another build's or version's module is found here, not at the first request.
    const answered = refusing(() => instantiate(createGlue(), module).verify_signature(JSON.stringify(KNOWN)));
    if (!answered.startsWith(answer)) throw configError(EXPECTED);
    // The one way of waiting that is right on every host, and which this is nobody says.
    return bind(createGlue, module, separateFlights);
  };
  return {
    async init(source) {
      const given = await refusingLater(source);
      const loaded = isFetched(given) ? await bodyOf(given) : given;
      return start(isModule(loaded) ? loaded : await refusingLater(WebAssembly.compile(bytesOf(loaded))));
    },
    initSync(source) {
      if (isModule(source)) return start(source);
      const bytes = bytesOf(source);
      return start(refusing(() => new WebAssembly.Module(bytes)));
    },
  };
}

// By tag, not by `instanceof`: the module may be of another realm, as where edge runtimes and test runners isolate code.
function isModule(source: unknown): source is WebAssembly.Module {
  return tagOf(source) === 'WebAssembly.Module';
}

function isFetched(source: unknown): source is FetchedModule {
  return tagOf(source) === 'Response';
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function bytesOf(source: unknown): BufferSource {
  if (ArrayBuffer.isView(source) || tagOf(source) === 'ArrayBuffer') return source as BufferSource;
  throw configError(EXPECTED);
}

async function bodyOf(response: FetchedModule): Promise<ArrayBuffer> {
  if (!response.ok) throw configError(`${EXPECTED} The fetch was answered with status ${response.status}.`);
  // Not compiled while it streams: that demands a Content-Type which static file servers often do not know.
  return refusingLater(response.arrayBuffer());
}

function refusing<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw hostError(CONFIG_INVALID, EXPECTED, { cause });
  }
}

async function refusingLater<T>(promise: T | PromiseLike<T>): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    throw hostError(CONFIG_INVALID, EXPECTED, { cause });
  }
}
