// Must compile: events, key stores and test tenants, as a project without our sources sees them.
import { createVerifier, type KeyStore, type VerifierEvent } from 'scopegate';
import { redisKeyStore } from 'scopegate/key-store';
import { createTestTenant } from 'scopegate/testing';

const own: KeyStore = { get: async () => null, put: async () => undefined };
const redis = {
  get: async (_key: string) => null,
  setEx: async (_key: string, _seconds: number, _value: string) => 'OK',
};
const options = { endpoint: 'https://tenant.logto.app', audience: 'https://api.yourapp.com' } as const;

function told(event: VerifierEvent): string {
  switch (event.type) {
    case 'token_refused':
      return event.code;
    case 'keys_fetched':
      return `${event.source} ${event.keys}`;
    default:
      return event.type;
  }
}

createVerifier({ ...options, keyStore: own, onEvent: (event) => void told(event) });
createVerifier({ ...options, keyStore: redisKeyStore(redis, { prefix: 'jwks:' }) });

const tenant = await createTestTenant({ algorithm: 'RS256' });
createVerifier({ ...tenant.options, audience: tenant.audience, jwks: tenant.jwks });
const jwt: string = await tenant.token('organization', { organization: 'org1' });
// @ts-expect-error There is no such kind of token.
await tenant.token('admin', { scopes: [jwt] });
