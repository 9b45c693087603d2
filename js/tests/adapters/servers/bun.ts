import { createApi, TENANT, type Tenant } from '../api.ts';
import { createHandler } from './fetch.ts';

declare const Bun: { serve(options: object): { readonly port: number } };

const { port } = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: createHandler(createApi(JSON.parse(process.env[TENANT] ?? '') as Tenant)),
  error: () => new Response(null, { status: 500 }),
});
console.log(`http://127.0.0.1:${port}`);
