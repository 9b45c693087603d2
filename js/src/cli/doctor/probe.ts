import { readBounded, TooLong } from '../../jwks.ts';

/** A page that made its request would have this origin. */
export const ORIGIN = 'https://app.example';
const TIMEOUT_MS = 5000;

/** A document as it was served, or why it was not. */
export interface Probe {
  readonly url: string;
  /** `undefined` if nobody answered. */
  readonly status?: number;
  readonly headers: Headers;
  /** The JSON object in the body, if there is one. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** Why there is no document. */
  readonly problem?: string;
  /**
   * The server's clock minus this machine's, in milliseconds; by the Date header (and Age, if a cache answered), to a
   * second or so.
   */
  readonly skewMs?: number;
}

/** Asks for a JSON document as a script of another origin would, and follows no redirect. */
export async function probe(url: string): Promise<Probe> {
  const sent = Date.now();
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', origin: ORIGIN },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const middle = (sent + Date.now()) / 2;
    const { status, headers } = response;
    const date = Date.parse(headers.get('date') ?? '');
    // The header has whole seconds: on average half of one is cut off.
    const clock = Number.isNaN(date) ? {} : { skewMs: date + ageOf(headers) * 1000 + 500 - middle };
    return { url, status, headers, ...clock, ...(await read(url, response)) };
  } catch (error) {
    return { url, headers: new Headers(), problem: reason(error) };
  }
}

/** How many seconds a cache has had the answer (RFC 9111 §5.1); 0 where the header is missing, or makes no sense. */
export function ageOf(headers: Headers): number {
  const age = headers.get('age')?.trim() ?? '';
  return /^\d{1,10}$/.test(age) ? Number(age) : 0;
}

async function read(url: string, response: Response): Promise<Pick<Probe, 'document' | 'problem'>> {
  const { status, headers } = response;
  if (status !== 200) {
    await response.body?.cancel();
    if (status >= 300 && status < 400) return { problem: `redirects to ${headers.get('location')}` };
    return { problem: `answers with status ${status}` };
  }
  const bytes = await readBounded(url, response).catch((error: unknown) => {
    if (error instanceof TooLong) return undefined;
    throw error;
  });
  if (bytes === undefined) return { problem: 'is longer than 512 KiB' };
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) {
      return { document: document as Record<string, unknown> };
    }
  } catch {
    // Said below.
  }
  return { problem: 'is no JSON object' };
}

/** fetch says "fetch failed", and hides why. */
function reason(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `does not answer within ${TIMEOUT_MS / 1000} s`;
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return `cannot be reached (${cause?.code ?? cause?.message ?? String(error)})`;
}
