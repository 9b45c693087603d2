/** Loads such a bundle, which stands beside it. */

import process from 'node:process';
import { judgeBuilds } from './page.js';
import { readVectors } from './stdin.ts';

void readVectors()
  .then((file) => judgeBuilds(file))
  .then((judgements) => process.stdout.write(JSON.stringify(judgements)));
