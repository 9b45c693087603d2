/** A Worker; with the core that docs/hosts.md starts by hand, beside the package's own. */

import { ScopegateError } from 'scopegate/manual';
import type { VectorFile } from '../../../js/tests/support/vectors.ts';
import { judgeBuilds } from './builds.ts';
import * as core from './core.mjs';

export default {
  async fetch(request: Request): Promise<Response> {
    const manual = { ...core, ScopegateError, sync: true };
    return Response.json(await judgeBuilds((await request.json()) as VectorFile, { 'scopegate/manual': manual }));
  },
};
