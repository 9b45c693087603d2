import process from 'node:process';
import type { VectorFile } from '../../../js/tests/support/vectors.ts';

/** The vectors, from standard input: a script may read that wherever it runs, whatever else it is not permitted to. */
export async function readVectors(): Promise<VectorFile> {
  process.stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  return JSON.parse(text) as VectorFile;
}
