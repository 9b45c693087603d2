// A CommonJS module as users write it. Prints what it found with each build, for consumers.test.ts to compare.
const { requireAuth } = require('scopegate/express');
const { requireAuth: requireAuthOfWorkers } = require('scopegate/workers');
const { check } = require('./check.cjs');

const builds = [require('scopegate'), require('scopegate/webcrypto'), require('scopegate/reference')];
Promise.all(builds.map((scopegate) => check(scopegate, requireAuth, requireAuthOfWorkers))).then((found) =>
  console.log(JSON.stringify(found)),
);
