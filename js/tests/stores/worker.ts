// The Worker under test: each request is served as the first one of an isolate, without any keys in memory.
import { createVerifier } from 'scopegate';
import { cacheApiKeyStore, type KvNamespace, kvKeyStore } from 'scopegate/key-store';

interface Env {
  readonly ISSUER: string;
  readonly KEYS: KvNamespace;
}

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

export default {
  async fetch(request: Request, env: Env, ctx: Context): Promise<Response> {
    const store = new URL(request.url).pathname.slice(1);
    const verifier = createVerifier({
      issuer: env.ISSUER,
      audience: 'https://api.yourapp.com',
      jwksUri: `${env.ISSUER}/${store}`,
      keyStore: store === 'kv' ? kvKeyStore(env.KEYS) : cacheApiKeyStore(),
    });
    const token = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
    return Response.json({ subject: (await verifier.verify(token, {}, ctx)).subject });
  },
};
