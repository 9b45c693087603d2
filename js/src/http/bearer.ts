/** A Fetch `Request`, as far as its credentials go. */
export interface FetchRequestLike {
  readonly headers: { get(name: string): string | null };
}

/** A request of `node:http`, Express and the like, as far as its credentials go. */
export interface NodeRequestLike {
  readonly headers: { readonly authorization?: string | undefined };
  readonly rawHeaders?: readonly string[];
}

/** Any request that may carry a bearer token. */
export type RequestLike = FetchRequestLike | NodeRequestLike;

const AUTHORIZATION = 'authorization';

/** What the core refuses as malformed. */
const MALFORMED = 'Bearer';

/** The form that nearly all headers have (RFC 6750 §2.1). */
const USUAL = /^Bearer ([\w.~+/-]+=*)$/;

/** The token, if the header has its usual form; of any other form the core decides, which would say the same of this one. */
export function usualToken(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : USUAL.exec(authorization)?.[1];
}

/**
 * The `Authorization` header. Several are joined as Fetch joins them, for the core to refuse: Node keeps the first one
 * only, and a proxy before it may have looked at the last. What is no text, as in a request made by hand, is malformed.
 */
export function authorizationOf(request: RequestLike): string | undefined {
  const { headers } = request;
  if ('get' in headers && typeof headers.get === 'function') return joined(headers.get('authorization') ?? undefined);
  const all = linesIn((request as NodeRequestLike).rawHeaders);
  return joined(all.length > 1 ? all : (headers as NodeRequestLike['headers']).authorization);
}

/** All values of the header. */
function linesIn(rawHeaders: readonly string[] = []): readonly unknown[] {
  const lines: unknown[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) lines.push(rawHeaders[i + 1]);
  }
  return lines;
}

/** One line, or several as serverless hosts have them: every line by itself. */
function joined(authorization: unknown): string | undefined {
  if (typeof authorization === 'string' || authorization === undefined) return authorization;
  const lines: readonly unknown[] = Array.isArray(authorization) ? authorization : [authorization];
  if (!lines.every((line) => typeof line === 'string')) return MALFORMED;
  return lines.length === 0 ? undefined : lines.join(', ');
}

/** A header of either kind of request. */
export function headerOf(request: RequestLike, name: string): string | undefined {
  const { headers } = request;
  if ('get' in headers && typeof headers.get === 'function') return headers.get(name) ?? undefined;
  return (headers as Readonly<Record<string, string | undefined>>)[name];
}
