import { createApi, TENANT, type Tenant } from '../api.ts';
import { createHandler } from './fetch.ts';

declare const Deno: {
  env: { get(name: string): string | undefined };
  serve(options: object, handler: (request: Request) => Response | Promise<Response>): unknown;
};

Deno.serve(
  {
    hostname: '127.0.0.1',
    port: 0,
    onListen: ({ port }: { port: number }) => console.log(`http://127.0.0.1:${port}`),
    onError: () => new Response(null, { status: 500 }),
  },
  createHandler(createApi(JSON.parse(Deno.env.get(TENANT) ?? '') as Tenant)),
);
