// An ES module as users write it. Prints what it found, for consumers.test.ts to compare.
import { anyOf, createVerifier, ScopegateError, verifyIdToken, verifySignature } from 'scopegate';
import { requireAuth } from 'scopegate/express';
import { requireAuth as requireAuthOfWorkers } from 'scopegate/workers';
import { check } from './check.cjs';

const scopegate = { anyOf, createVerifier, ScopegateError, verifyIdToken, verifySignature };
console.log(await check(scopegate, requireAuth, requireAuthOfWorkers));
