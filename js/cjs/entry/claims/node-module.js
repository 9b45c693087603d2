'use strict';
// The CommonJS twin of src/entry/claims/node-module.ts: there is no import.meta here.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

exports.module = new WebAssembly.Module(readFileSync(join(__dirname, '../../../wasm/claims_bg.wasm')));
