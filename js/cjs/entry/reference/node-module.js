'use strict';
// The CommonJS twin of src/entry/reference/node-module.ts: there is no import.meta here.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

exports.module = new WebAssembly.Module(readFileSync(join(__dirname, '../../../wasm/reference_bg.wasm')));
