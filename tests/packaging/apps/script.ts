/** Reads the vectors from standard input, and prints the outcome. */

import process from 'node:process';
import { judgeBuilds } from './builds.ts';
import { readVectors } from './stdin.ts';

void readVectors()
  .then((file) => judgeBuilds(file))
  .then((judgements) => process.stdout.write(JSON.stringify(judgements)));
