import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import * as standard from 'scopegate/manual';
import * as reference from 'scopegate/reference/manual';
import * as webcrypto from 'scopegate/webcrypto/manual';
import { refusal } from './support/refusal.ts';
import { AUDIENCE, accessToken, CLIENT, Clock, ENDPOINT, idToken, jwks } from './support/tenant.ts';

const require = createRequire(import.meta.url);
const bytesOf = (name: string): Buffer<ArrayBuffer> => readFileSync(require.resolve(`scopegate/${name}.wasm`));
const bytes = bytesOf('scopegate');
const module = new WebAssembly.Module(bytes);

const clock = new Clock().now;
const options = { endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock } as const;

/** Of another realm than this module, as what a test runner or an edge runtime hands over. */
const foreign = runInNewContext('new WebAssembly.Module(bytes)', { bytes });

describe('a core that is started by hand', () => {
  const sources: Record<string, Parameters<typeof standard.init>[0]> = {
    'a module': module,
    'a module of another realm': foreign,
    'an ArrayBuffer': Uint8Array.from(bytes).buffer,
    'a view of bytes': bytes,
    'a Response, whatever its Content-Type': new Response(bytes, { headers: { 'content-type': 'text/plain' } }),
    'a promise of a module': WebAssembly.compile(bytes),
    'a promise of a Response': Promise.resolve(new Response(bytes)),
  };
  for (const [name, source] of Object.entries(sources)) {
    it(`starts from ${name}`, async () => {
      const { createVerifier, verifyIdToken, verifySignature } = await standard.init(source);
      const jwt = await accessToken();
      assert.equal((await createVerifier(options).verify(jwt)).subject, 'w2k7dq3hz9ab');
      assert.equal(verifySignature(jwt, jwks).header.alg, 'ES384');
      const id = await verifyIdToken(await idToken(), { endpoint: ENDPOINT, clientId: CLIENT, jwks, clock });
      assert.equal(id.subject, 'w2k7dq3hz9ab');
    });
  }

  it('starts at once from a module or from bytes', async () => {
    const jwt = await accessToken();
    for (const source of [module, foreign, bytes]) {
      const { createVerifier } = standard.initSync(source);
      const verifier = createVerifier(options);
      await verifier.preload();
      assert.equal(verifier.verifySync(jwt).subject, 'w2k7dq3hz9ab');
    }
  });

  it('is there for every build, in ES modules and in CommonJS', async () => {
    const jwt = await accessToken();
    const { initSync } = require('scopegate/manual') as typeof standard;
    for (const { createVerifier } of [
      initSync(module),
      await webcrypto.init(bytesOf('webcrypto')),
      await reference.init(bytesOf('reference')),
    ]) {
      assert.equal((await createVerifier(options).verify(jwt)).subject, 'w2k7dq3hz9ab');
    }
  });

  it('refuses what is not the module', async () => {
    const emptyModule = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const wrong: Record<string, unknown> = {
      nothing: undefined,
      'the name of a file': 'scopegate.wasm',
      'some object': {},
      'no WebAssembly': new Uint8Array(8),
      'bytes that are cut short': bytes.subarray(0, 1000),
      'another module': emptyModule,
      "another build's module": bytesOf('webcrypto'),
    };
    await refusal('config_invalid', () => webcrypto.init(module));
    for (const source of Object.values(wrong) as Parameters<typeof standard.initSync>[0][]) {
      await refusal('config_invalid', () => standard.init(source));
      await refusal('config_invalid', async () => standard.initSync(source));
    }
  });

  it('says why it could not be loaded', async () => {
    const missing = await refusal('config_invalid', () => standard.init(new Response('not found', { status: 404 })));
    assert.match(missing.hint, /status 404/);
    const failure = new TypeError('fetch failed');
    const failed = await refusal('config_invalid', () => standard.init(Promise.reject(failure)));
    assert.equal(failed.cause, failure);
    const broken = new ReadableStream({ start: (controller) => controller.error(failure) });
    assert.equal((await refusal('config_invalid', () => standard.init(new Response(broken)))).cause, failure);
  });
});
