/** As script.ts, with cores that were started by hand: as docs/hosts.md does it, from a module, and from a response. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import process from 'node:process';
import { ScopegateError } from 'scopegate/manual';
import * as reference from 'scopegate/reference/manual';
import * as webcrypto from 'scopegate/webcrypto/manual';
import type { Api } from '../../../js/tests/support/vectors.ts';
import * as core from './core.mjs';
import { judgeAll } from './judge.ts';
import { readVectors } from './stdin.ts';

const { resolve } = createRequire(import.meta.url);
const bytesOf = (name: string) => readFile(resolve(`scopegate/${name}.wasm`));

const file = await readVectors();
const byModule = reference.initSync(new WebAssembly.Module(await bytesOf('reference')));
const byResponse = await webcrypto.init(new Response(await bytesOf('webcrypto')));
const builds = {
  scopegate: { ...core, ScopegateError, sync: true },
  'scopegate/webcrypto': { ...byResponse, ScopegateError, sync: false } as unknown as Api,
  'scopegate/reference': { ...byModule, ScopegateError, sync: true },
};
process.stdout.write(JSON.stringify(await judgeAll(builds, file)));
