/** An Express API behind one of the guards: `server.ts GUARD TENANT-JSON`, on a free port that it prints. */

import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Tenant } from '../suites/servers.ts';
import { GUARDS, type GuardName } from './guards.ts';

const [name, tenant] = process.argv.slice(2) as [GuardName, string];
const app = express();
app.get('/posts', ...GUARDS[name](JSON.parse(tenant) as Tenant), (_req, res) => {
  res.json([{ id: '1', title: 'Hello' }]);
});
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${(server.address() as AddressInfo).port}.`);
});
