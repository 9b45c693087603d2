import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { onEveryBuild } from './support/builds.ts';
import { type Api, runCase, type VectorFile } from './support/vectors.ts';

const path = new URL('../../tests/vectors/vectors.json', import.meta.url);
const file = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;

onEveryBuild((build) => {
  describe('the shared vectors, in Node', () => {
    for (const vector of file.cases) it(vector.id, () => runCase(build as Api, file, vector));
  });
});
