import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { VectorFile } from '../../js/tests/support/vectors.ts';
import { type Chromium, startChromium } from './support/chromium.ts';

const file = JSON.parse(readFileSync(new URL('../vectors/vectors.json', import.meta.url), 'utf8')) as VectorFile;

const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/** Pages by their path: which script, under which policy. */
const PAGES: Readonly<Record<string, { script: string; policy: string }>> = {
  '/vectors': { script: 'vectors-page', policy: STRICT },
  '/claims': { script: 'claims-page', policy: STRICT },
  '/claims-without-wasm': { script: 'claims-page', policy: "default-src 'none'; script-src 'self'" },
};

describe('the package in a browser', () => {
  let server: Server;
  let url: string;
  let chromium: Chromium;
  before(async () => {
    const { outputFiles } = await build({
      entryPoints: ['vectors-page', 'claims-page'].map((name) =>
        fileURLToPath(new URL(`support/${name}.ts`, import.meta.url)),
      ),
      outdir: '/',
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'error',
    });
    server = createServer(({ url: path = '' }, response) => {
      const script = outputFiles.find((output) => output.path === path);
      const page = PAGES[path];
      if (script !== undefined) {
        response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script.text);
      } else if (page === undefined) {
        response.writeHead(404).end();
      } else {
        response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': page.policy });
        response.end(`<!doctype html><title>loading</title><script type="module" src="/${page.script}.js"></script>`);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    chromium = await startChromium();
  });
  after(async () => {
    await chromium.close();
    server.close();
    server.closeAllConnections();
  });

  const open = async (path: keyof typeof PAGES): Promise<Page> => {
    const { page } = await chromium.open(`${url}${path}`);
    // Module scripts have run when a page has loaded.
    assert.equal(await page.title(), 'ready');
    return page;
  };

  for (const name of ['scopegate', 'scopegate/reference', 'scopegate/webcrypto']) {
    it(`judges the shared vectors, under a strict policy: ${name}`, async () => {
      const page = await open('/vectors');
      const outcomes = (await page.evaluate(`runVectors(${JSON.stringify(name)}, ${JSON.stringify(file)})`)) as Record<
        string,
        string | null
      >;
      assert.equal(Object.keys(outcomes).length, file.cases.length);
      assert.deepEqual(
        Object.values(outcomes).filter((wrong) => wrong !== null),
        [],
      );
    });
  }

  it('reads tokens without signatures, under a strict policy', async () => {
    const token = file.cases.find(({ kind, expect }) => kind === 'access' && 'accepted' in expect)?.token;
    const page = await open('/claims');
    assert.equal(await page.evaluate(`kindOf(${JSON.stringify(token)})`), 'access');
  });

  it('says so where a policy forbids WebAssembly, and not before it is asked', async () => {
    const page = await open('/claims-without-wasm');
    assert.match(String(await page.evaluate("kindOf('?')")), /^internal: .*'wasm-unsafe-eval'/);
  });
});
