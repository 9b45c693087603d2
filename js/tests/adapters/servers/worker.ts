import { createApi, type Tenant } from '../api.ts';
import { createHandler } from './fetch.ts';

let handler: ReturnType<typeof createHandler> | undefined;

export default {
  async fetch(request: Request, env: { readonly SCOPEGATE_TENANT: string }): Promise<Response> {
    handler ??= createHandler(createApi(JSON.parse(env.SCOPEGATE_TENANT) as Tenant));
    try {
      return await handler(request);
    } catch {
      // As the host answers a fault, which it would write to the console as well.
      return new Response(null, { status: 500 });
    }
  },
};
