/** Sends the requests of one row to one host, and looks at what comes back: status, error code, headers, and effect. */

import { ORGANIZATION, ROUTES, type Route, type Verdict } from './expectations.ts';
import type { Credentials } from './people.ts';

/** One cell of the table. */
export interface Cell {
  readonly route: Route;
  readonly expected: Verdict;
  readonly status: number;
  /** `code` of the error body. */
  readonly code: string | undefined;
  /** What else is wrong with the answer. */
  readonly problem: string | undefined;
}

/** Whether the cell is as it must be. */
export const passed = ({ status, code, problem, expected }: Cell): boolean =>
  status === expected.status && code === expected.code && problem === undefined;

interface Post {
  id: string;
  title: string;
  author: string;
}

/** The post that is there from the start; nobody's token in the table may delete it. */
const FIRST_POST = '1';

const REQUEST_TIMEOUT = 30_000;

/** Asks for every route in turn; what is posted is looked for in the list, and so is what is deleted. */
export async function askAll(
  url: string,
  credentials: Credentials,
  expected: (route: Route) => Verdict,
): Promise<Cell[]> {
  const visitor = new Visitor(url, credentials);
  const cells: Cell[] = [];
  for (const route of ROUTES) {
    const answer = await visitor.visit(route).catch((error) => ({
      status: 0,
      code: undefined,
      problem: String(error.cause ?? error),
    }));
    cells.push({ route, expected: expected(route), ...answer });
  }
  return cells;
}

class Visitor {
  readonly #url: string;
  readonly #credentials: Credentials;
  /** The post this visitor wrote. */
  #own: Post | undefined;

  constructor(url: string, credentials: Credentials) {
    this.#url = url;
    this.#credentials = credentials;
  }

  async visit(route: Route): Promise<Pick<Cell, 'status' | 'code' | 'problem'>> {
    const response = await this.#send(route);
    const { status } = response;
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    if (status >= 400) {
      return { status, code: codeIn(body), problem: headerProblem(response) };
    }
    return { status, code: undefined, problem: await this.#effectProblem(route, body) };
  }

  #send(route: Route): Promise<Response> {
    const { posts, organization } = this.#credentials;
    const token = route.perOrganization ? organization : posts;
    return fetch(`${this.#url}${this.#path(route)}`, {
      method: route.method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(route.method === 'POST' ? { 'content-type': 'application/json' } : {}),
      },
      ...(route.method === 'POST' ? { body: JSON.stringify({ title: TITLE }) } : {}),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
    });
  }

  #path(route: Route): string {
    if (route.perOrganization) {
      return `/organizations/${ORGANIZATION}/posts`;
    }
    return route.method === 'DELETE' ? `/posts/${this.#own?.id ?? FIRST_POST}` : '/posts';
  }

  async #effectProblem(route: Route, body: unknown): Promise<string | undefined> {
    switch (route.method) {
      case 'GET':
        return (body as Post[])[0]?.title === undefined ? 'lists no posts' : undefined;
      case 'POST':
        this.#own = body as Post;
        return (await this.#listed()) ? undefined : 'created but not listed';
      case 'DELETE':
        return (await this.#listed()) ? 'deleted but still listed' : undefined;
    }
  }

  async #listed(): Promise<boolean> {
    const response = await this.#send(ROUTES[0]);
    const posts = (await response.json()) as Post[];
    return posts.some(({ id, title }) => id === this.#own?.id && title === TITLE);
  }
}

const TITLE = 'Written by the demonstration';

function codeIn(body: unknown): string | undefined {
  const { code, error_description } = (body ?? {}) as { code?: string; error_description?: string };
  return error_description === undefined ? undefined : code;
}

/** Refusals carry a challenge (RFC 6750 section 3); an outage says when to come back. */
function headerProblem({ status, headers }: Response): string | undefined {
  if (status === 401 || status === 403) {
    return /^Bearer\b/.test(headers.get('www-authenticate') ?? '') ? undefined : 'no WWW-Authenticate';
  }
  return status === 503 && !/^\d+$/.test(headers.get('retry-after') ?? '') ? 'no Retry-After' : undefined;
}
