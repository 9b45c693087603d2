import type { KeyStore, StoredKeySet } from 'scopegate';

/** A key store in memory that tests look into and steer. */
export class MemoryStore implements KeyStore {
  readonly entries = new Map<string, StoredKeySet>();
  reads = 0;
  writes = 0;

  get: KeyStore['get'] = async (jwksUri) => {
    this.reads++;
    return this.entries.get(jwksUri);
  };

  put: KeyStore['put'] = async (jwksUri, keySet) => {
    this.writes++;
    this.entries.set(jwksUri, keySet);
  };
}
