import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HostName, Result, SubjectName, SuiteName } from '../src/records.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const run = promisify(execFile);

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scopegate-bench-'));
});
after(() => rm(directory, { recursive: true }));

/** The results of a smoke run. */
async function bench(...args: string[]): Promise<Result[]> {
  const file = join(directory, 'results.json');
  await run(process.execPath, ['--import', 'tsx', main, '--quick', '--json', file, ...args]);
  return JSON.parse(await readFile(file, 'utf8')) as Result[];
}

const EXPECTED: readonly (readonly [SuiteName, HostName, keyof Result, readonly SubjectName[]])[] = [
  ['verify', 'node', 'median_us', ['scopegate', 'scopegate/webcrypto', 'scopegate/reference', 'jose', 'fast-jwt']],
  ['verify', 'node', 'median_us', ['jsonwebtoken', 'aws-jwt-verify', 'native']],
  ['verify', 'deno', 'median_us', ['scopegate', 'jose', 'fast-jwt', 'jsonwebtoken', 'aws-jwt-verify', 'native']],
  ['verify', 'bun', 'median_us', ['scopegate', 'jose', 'fast-jwt', 'jsonwebtoken', 'aws-jwt-verify', 'native']],
  ['verify', 'workerd', 'median_us', ['scopegate', 'jose', 'jsonwebtoken', 'aws-jwt-verify', 'native']],
  ['verify-repeated', 'node', 'median_us', ['scopegate', 'fast-jwt-cache']],
  ['express', 'node', 'per_second', ['none', 'scopegate', 'express-oauth2-jwt-bearer', 'express+jose']],
  ['cold-start', 'node', 'ms', ['scopegate', 'jose', 'none']],
  ['cold-start', 'workerd', 'ms', ['scopegate', 'jose', 'none']],
  ['key-import', 'node', 'median_us', ['scopegate', 'jose', 'native']],
  ['key-import', 'node', 'bytes', ['scopegate']],
  ['python', 'python', 'median_us', ['scopegate', 'PyJWT', 'python-jose', 'joserfc', 'Authlib']],
  ['fastapi', 'python', 'per_second', ['none', 'scopegate', 'fastapi+python-jose']],
  ['size', 'workerd', 'bytes', ['scopegate', 'scopegate/webcrypto', 'scopegate/reference', 'jose']],
];

test('every suite measures every subject on every host', async () => {
  const results = await bench();
  for (const [suite, host, quantity, subjects] of EXPECTED) {
    for (const subject of subjects) {
      const found = results.find((one) => one.suite === suite && one.host === host && one.subject === subject);
      const value = found?.[quantity];
      assert.ok(typeof value === 'number' && value > 0, `${suite} ${host} ${subject}: ${quantity} is ${value}`);
      assert.ok((found?.rounds ?? 0) >= 1);
    }
  }
});

test('a run can be narrowed', async () => {
  const results = await bench(
    '--suite',
    'verify',
    '--host',
    'node',
    '--algorithm',
    'RS256-4096',
    '--subject',
    'jose,native',
  );
  const found = results.map(({ suite, host, algorithm, subject }) => [suite, host, algorithm, subject]);
  assert.deepEqual(found, [
    ['verify', 'node', 'RS256-4096', 'jose'],
    ['verify', 'node', 'RS256-4096', 'native'],
  ]);
});

test('the memory suite measures', async () => {
  const [result, ...more] = await bench('--suite', 'memory');
  assert.equal(more.length, 0);
  assert.equal(result?.suite, 'memory');
  assert.ok((result?.bytes ?? 0) >= (result?.raw_bytes ?? Number.POSITIVE_INFINITY));
});

test('an unknown name is an error', async () => {
  await assert.rejects(run(process.execPath, ['--import', 'tsx', main, '--host', 'nodejs']), /there are node, deno/);
});
