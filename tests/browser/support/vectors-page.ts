// Bundled for the browser: all builds of the package, and the runner of the shared vectors.
import * as standard from 'scopegate';
import * as reference from 'scopegate/reference';
import * as webcrypto from 'scopegate/webcrypto';
import { judge } from '../../../js/tests/support/judge.ts';
import type { Api, VectorFile } from '../../../js/tests/support/vectors.ts';

const BUILDS: Readonly<Record<string, Api>> = {
  scopegate: { ...standard, sync: true } as Api,
  'scopegate/reference': { ...reference, sync: true } as Api,
  'scopegate/webcrypto': { ...webcrypto, sync: false } as unknown as Api,
};

Object.assign(globalThis, {
  /** What is wrong with the outcome of each case; `null` if nothing is. */
  runVectors: (build: string, file: VectorFile) => judge(BUILDS[build] as Api, file),
});
document.title = 'ready';
