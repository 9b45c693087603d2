import { within } from './time-limit.ts';

/** The part of `fetch` that is used: GET, an `Accept` header, a signal, and no redirects. */
export type FetchLike = (
  url: string,
  init: {
    readonly method: 'GET';
    readonly headers: Record<string, string>;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/** For the whole answer, body included. */
const TIMEOUT_MS = 5000;
/** The largest key set that is looked at. Logto publishes three keys at most, about 2 KiB. */
export const MAX_BYTES = 512 * 1024;

/** An answer with more bytes than somebody wants to read. */
export class TooLong extends Error {}

/**
 * Downloads a key set: status 200 only, no redirects, at most 512 KiB, within 5 seconds.
 *
 * @throws {Error} what went wrong; none of it concerns a token.
 */
export async function fetchKeySet(address: string, fetch: FetchLike): Promise<Uint8Array> {
  const controller = new AbortController();
  try {
    // A limit besides the signal: a fetch of the user's own may not heed it.
    return await within(TIMEOUT_MS, address, download(address, fetch, controller.signal));
  } finally {
    controller.abort();
  }
}

async function download(address: string, fetch: FetchLike, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(address, {
    method: 'GET',
    // A CORS-safelisted header, so that browsers send no preflight.
    headers: { accept: 'application/json' },
    redirect: 'manual',
    signal,
  });
  const redirects = response.redirected || response.type === 'opaqueredirect';
  if (!redirects && response.status === 200) return readBounded(address, response);
  await response.body?.cancel();
  throw new Error(`${address} ${redirects ? 'redirects elsewhere' : `answered with status ${response.status}`}`);
}

/**
 * Reads the body of an answer as far as it is allowed to go.
 *
 * @throws {TooLong} once it has more bytes than that, decompressed; the rest is not read.
 */
export async function readBounded(address: string, response: Response, limit = MAX_BYTES): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += part.value.byteLength;
    if (length > limit) {
      await reader?.cancel();
      throw new TooLong(`${address} answered with more than ${limit / 1024} KiB`);
    }
    chunks.push(part.value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
