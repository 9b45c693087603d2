// Must compile in a project for Workers: the host's own types fit the stores.
import { createVerifier } from 'scopegate';
import { cacheApiKeyStore, kvKeyStore } from 'scopegate/key-store';

declare const namespace: KVNamespace;
const options = { endpoint: 'https://tenant.logto.app', audience: 'https://api.yourapp.com' } as const;

createVerifier({ ...options, keyStore: kvKeyStore(namespace) });
createVerifier({ ...options, keyStore: cacheApiKeyStore() });
createVerifier({ ...options, keyStore: cacheApiKeyStore({ cache: caches.default, expireAfter: 3600 }) });
