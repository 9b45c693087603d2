import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { bundleWorker } from './workerd.ts';

/** What a Worker gets, besides its code. */
export interface MiniflareOptions {
  /** Where its bundle, and what it stores, is kept: a second start finds it again. */
  readonly directory: string;
  readonly bindings?: Record<string, string>;
  readonly kvNamespaces?: string[];
}

/** Runs a Worker in Miniflare: workerd, with KV and Cache on local storage. */
export async function startMiniflare(worker: URL, options: MiniflareOptions): Promise<Miniflare> {
  const { directory, bindings = {}, kvNamespaces = [] } = options;
  const bundle = join(directory, 'bundle');
  await bundleWorker(worker, bundle);
  const miniflare = new Miniflare({
    modules: readdirSync(bundle)
      // The entry comes first.
      .sort((name) => (name === 'worker.js' ? -1 : 1))
      .map((name) => ({
        type: name.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
        path: join(bundle, name),
        contents: readFileSync(join(bundle, name)),
      })),
    modulesRoot: bundle,
    compatibilityDate: '2026-01-01',
    bindings,
    kvNamespaces,
    kvPersist: join(directory, 'kv'),
    cachePersist: join(directory, 'cache'),
  });
  await miniflare.ready;
  return miniflare;
}
