import { configError } from '../errors.ts';

/** What a challenge says besides the error. */
export interface ChallengeOptions {
  /** The protection space (RFC 9110 §11.5). */
  readonly realm?: string;
  /** The address of the protected resource metadata (RFC 9728 §5.1). */
  readonly resourceMetadata?: string;
  /** The scopes that the resource needs. A `scope_insufficient` error names those that lack instead. */
  readonly scopes?: readonly string[];
}

/**
 * Refuses what could not stand in a header, before the first request needs it.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function checkChallengeOptions(options: ChallengeOptions): void {
  const { realm, resourceMetadata } = options;
  if ('realm' in options && (typeof realm !== 'string' || !/^[\x20-\x7e]+$/.test(realm))) {
    throw configError('realm must be non-empty printable ASCII text.');
  }
  if ('resourceMetadata' in options && !isHttpUrl(resourceMetadata)) {
    throw configError('resourceMetadata must be an absolute http(s) URL.');
  }
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(value) && URL.canParse(value);
}
