// A verifier of the ES module behind the adapters of the CommonJS build, as in a program that is half converted.
import { createRequire } from 'node:module';
import { createVerifier, ScopegateError, verifyIdToken, verifySignature } from 'scopegate';
import { check } from './check.cjs';

const require = createRequire(import.meta.url);
const { requireAuth } = require('scopegate/express');
const { requireAuth: requireAuthOfWorkers } = require('scopegate/workers');
const { anyOf, ScopegateError: Other } = require('scopegate');
if (Other === ScopegateError) throw new Error('one copy only: this checks nothing');
const scopegate = { anyOf, createVerifier, ScopegateError: Other, verifyIdToken, verifySignature };
console.log(JSON.stringify([await check(scopegate, requireAuth, requireAuthOfWorkers)]));
