// An ES module as users write it. Prints what it found with each build, for consumers.test.ts to compare.
import * as standard from 'scopegate';
import { requireAuth } from 'scopegate/express';
import * as reference from 'scopegate/reference';
import * as webcrypto from 'scopegate/webcrypto';
import { requireAuth as requireAuthOfWorkers } from 'scopegate/workers';
import { check } from './check.cjs';

const found = [];
for (const scopegate of [standard, webcrypto, reference]) {
  found.push(await check(scopegate, requireAuth, requireAuthOfWorkers));
}
console.log(JSON.stringify(found));
