/** A key set as the issuer served it. */
export interface StoredKeySet {
  /** The JWKS document (RFC 7517 §5), unparsed. */
  readonly body: string;
  /** When it was fetched from the issuer, in milliseconds since the Unix epoch: its age counts from then. */
  readonly fetchedAt: number;
}

/**
 * Where verifiers in several processes or isolates share the issuer's key sets.
 *
 * It is read when a verifier has no keys in memory, and written after each fetch. Whatever it gives passes the same
 * checks as the issuer's own answer, and a store that fails or is slow is done without. Who can write to it can make
 * keys valid: keep it as safe as the connection to the issuer.
 */
export interface KeyStore {
  /** The key set that was stored for this address; `undefined` or `null` if there is none. */
  get(jwksUri: string): Promise<StoredKeySet | undefined | null>;
  /** Stores a key set for this address, in place of an older one. */
  put(jwksUri: string, keySet: StoredKeySet): Promise<unknown>;
}
