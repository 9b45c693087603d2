/** What every application here does: run the shared vectors on the package as this host or bundler resolves it. */

import * as standard from 'scopegate';
import * as reference from 'scopegate/reference';
import * as webcrypto from 'scopegate/webcrypto';
import type { Api, VectorFile } from '../../../js/tests/support/vectors.ts';
import { type Judgements, judgeAll } from './judge.ts';

/** Runs the cases on each build; `more` are those of this application alone. */
export function judgeBuilds(file: VectorFile, more: Readonly<Record<string, Api>> = {}): Promise<Judgements> {
  const builds = {
    scopegate: { ...standard, sync: true },
    'scopegate/webcrypto': { ...webcrypto, sync: false } as unknown as Api,
    'scopegate/reference': { ...reference, sync: true },
    ...more,
  };
  return judgeAll(builds, file);
}
