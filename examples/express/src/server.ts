import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set`);
  }
  return value;
}

const app = createApp({
  endpoint: setting('LOGTO_ENDPOINT'),
  resource: setting('API_RESOURCE'),
  organizationResource: setting('ORGANIZATION_API_RESOURCE'),
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
