import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What a program that imports these names from a build of the package makes a bundler for Workers ship. */
async function bundled(specifier: string, names: readonly string[]): Promise<string[]> {
  const { metafile } = await build({
    stdin: {
      contents: `export { ${names.join(', ')} } from '${specifier}';`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    format: 'esm',
    conditions: ['workerd'],
    external: ['*.wasm'],
    metafile: true,
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  const shipped = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return shipped.map(([path]) => basename(path, '.js'));
}

/** The module that a function brings along, and no other function needs. */
const OWN = {
  createVerifier: 'core-verifier',
  verifyIdToken: 'id-token',
  verifySignature: 'signature',
  protectedResourceMetadata: 'metadata',
} as const;

describe('a bundle', () => {
  for (const specifier of ['scopegate', 'scopegate/webcrypto', 'scopegate/reference']) {
    for (const [name, own] of Object.entries(OWN)) {
      it(`of a program that uses ${name} of ${specifier} only has nothing of the others`, async () => {
        const modules = await bundled(specifier, [name]);
        assert.deepEqual(
          Object.values(OWN).filter((module) => modules.includes(module)),
          [own],
        );
      });
    }
  }

  it('of a program that only combines scopes has no core', async () => {
    const modules = await bundled('scopegate', ['anyOf']);
    assert.deepEqual(modules.sort(), ['error-rows', 'errors', 'requirement']);
  });
});
