// A CommonJS module as users write it. Prints what it found, for consumers.test.ts to compare.
const scopegate = require('scopegate');
const { requireAuth } = require('scopegate/express');
const { requireAuth: requireAuthOfWorkers } = require('scopegate/workers');
const { check } = require('./check.cjs');

check(scopegate, requireAuth, requireAuthOfWorkers).then(console.log);
