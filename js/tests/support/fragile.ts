import { readFileSync } from 'node:fs';
import { bind } from '../../src/bind.ts';
import { bindWebCrypto } from '../../src/bind-webcrypto.ts';
import type { Glue } from '../../src/core.ts';
import { sharedFlights } from '../../src/flight.ts';

const pkg = new URL('../../../pkg/', import.meta.url);

/** One of the package's cores, before anything is bound to it. */
interface RawCore {
  readonly createGlue: () => Glue;
  readonly module: WebAssembly.Module;
}

async function load(stem: string): Promise<RawCore> {
  const module = new WebAssembly.Module(readFileSync(new URL(`wasm/${stem}_bg.wasm`, pkg)));
  const { createGlue } = (await import(new URL(`dist/glue/${stem}.js`, pkg).href)) as Pick<RawCore, 'createGlue'>;
  return { createGlue, module };
}

const standard = await load('scopegate');
const webcrypto = await load('webcrypto');

export const { createGlue, module } = standard;

/** (module (func (export "trap") unreachable)) */
const trapModule = new WebAssembly.Module(
  new Uint8Array([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00, 0x07,
    0x08, 0x01, 0x04, 0x74, 0x72, 0x61, 0x70, 0x00, 0x00, 0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b,
  ]),
);
const trap = new WebAssembly.Instance(trapModule).exports.trap as () => never;

/** A real core, in which chosen exports trap for as long as a test wants, and all are counted. */
export class Fragile {
  instances = 0;
  readonly broken = new Set<string>();
  readonly #calls = new Map<string, number>();

  /** How often an export was called. */
  calls(name: string): number {
    return this.#calls.get(name) ?? 0;
  }

  #wrap(createGlue: () => Glue): () => Glue {
    return () => {
      this.instances++;
      const glue = createGlue();
      return {
        ...glue,
        Core: glue.Core,
        __wbg_set_wasm: (exports: object) => {
          const wrapped = Object.entries(exports).map(([name, member]) => {
            if (typeof member !== 'function') return [name, member];
            return [name, (...args: unknown[]) => this.#call(name, () => member(...args))];
          });
          glue.__wbg_set_wasm(Object.fromEntries(wrapped));
        },
      };
    };
  }

  #call(name: string, call: () => unknown): unknown {
    this.#calls.set(name, this.calls(name) + 1);
    return this.broken.has(name) ? trap() : call();
  }

  readonly bound = bind(this.#wrap(standard.createGlue), standard.module, sharedFlights);
  readonly boundToWebCrypto = bindWebCrypto(this.#wrap(webcrypto.createGlue), webcrypto.module, sharedFlights);
}
