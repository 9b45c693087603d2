/** A record of the HTTP requests the issuer answered, so that tests can count how often a verifier fetched its keys. */

/** One answered request. Query strings and bodies are not kept: they hold codes and tokens. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** When the request arrived, in milliseconds since the epoch. */
  readonly at: number;
}

export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
  }

  /** Number of requests whose path ends with `suffix`, e.g. `/token`; optionally only those with one status. */
  count(suffix: string, status?: number): number {
    return this.entries.filter(
      (entry) => entry.path.endsWith(suffix) && (status === undefined || entry.status === status),
    ).length;
  }

  /** How often the key set was asked for, 304 answers included. */
  get jwksFetches(): number {
    return this.entries.filter((entry) => entry.method === 'GET' && entry.path.endsWith('/jwks')).length;
  }

  clear(): void {
    this.entries.length = 0;
  }
}
