/** Requests as fast as the server answers them. */

import autocannon from 'autocannon';

/** Enough to keep the server busy while answers are on their way. */
const CONNECTIONS = 16;

/**
 * Sends requests for `seconds`. Each connection has its own share of the tokens, and sends one after the other.
 *
 * @returns requests per second.
 * @throws when a request was not answered with 200.
 */
export async function load(url: string, tokens: readonly string[], seconds: number): Promise<number> {
  let connection = 0;
  const share = Math.max(1, Math.floor(tokens.length / CONNECTIONS));
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    // Without it the counts are sampled once a second, and a run of a fraction of one counts nothing.
    sampleInt: 100,
    setupClient(client) {
      const from = (connection++ * share) % tokens.length;
      client.setRequests(
        tokens.slice(from, from + share).map((token) => ({
          method: 'GET' as const,
          path: new URL(url).pathname,
          headers: { authorization: `Bearer ${token}` },
        })),
      );
    },
  });
  if (result.non2xx > 0 || result.errors > 0 || result.timeouts > 0) {
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed, ${result.timeouts} timed out`);
  }
  return result.requests.total / result.duration;
}
