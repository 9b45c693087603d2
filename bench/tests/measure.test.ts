import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Runner } from '../src/measure.ts';
import { median, type Result, TOKEN_SUBJECTS } from '../src/records.ts';
import { reachTable } from '../src/report/reach.ts';
import { load } from '../src/subjects/index.ts';
import { freshString, type Subject } from '../src/subjects/subject.ts';
import { issue, makeJob, makeKey } from '../src/tokens.ts';

const key = await makeKey('ES256');
const job = await makeJob(key, [await issue(key)], 'node');

for (const name of TOKEN_SUBJECTS) {
  test(`${name} accepts good tokens and refuses bad ones`, async () => {
    await Runner.prepare(await load(name), job);
  });
}

test('a subject that does not check is not measured', async () => {
  const credulous: Subject = {
    name: 'none',
    create: async () => ({ async: false, input: freshString, run: () => undefined }),
  };
  await assert.rejects(Runner.prepare(credulous, job), /accepts a token with a bad signature/);
});

test('a subject that refuses a good token is not measured', async () => {
  const refuse = () => {
    throw new Error('no');
  };
  const sceptical: Subject = { name: 'none', create: async () => ({ async: false, input: freshString, run: refuse }) };
  await assert.rejects(Runner.prepare(sceptical, job), /no/);
});

test('the median', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.throws(() => median([]));
});

test('the reach table says what was reached and what was missed', () => {
  const figure = (subject: Result['subject'], median_us: number): Result => ({
    suite: 'verify',
    host: 'node',
    algorithm: 'ES384',
    subject,
    median_us,
    rounds: 31,
  });
  const text = reachTable([figure('scopegate', 50), figure('jose', 500), figure('fast-jwt', 300)]);
  assert.match(text, /against jose +\| +≥ 8.00× \| +10.0× \| reached/);
  assert.match(text, /against fast-jwt +\| +≥ 7.00× \| +6.00× \| +missed/);
  assert.equal(reachTable([]), '');
});
