export interface Post {
  id: string;
  title: string;
  author: string;
}

/** What the API said to a request. */
export interface Answer {
  request: string;
  status: number;
  /** Of a refusal: the code, and the header that says it to any client. */
  code?: string;
  challenge?: string;
  posts?: Post[];
}

/** Sends a request, with a token if there is one. What is allowed is for the API to say. */
export async function ask(
  token: string | undefined,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`/api${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const content: unknown = response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : undefined;
  const code = (content as { code?: string } | undefined)?.code;
  const challenge = response.headers.get('WWW-Authenticate');
  return {
    request: `${method} ${path}`,
    status: response.status,
    ...(code === undefined ? {} : { code }),
    ...(challenge === null ? {} : { challenge }),
    ...(Array.isArray(content) ? { posts: content as Post[] } : {}),
  };
}
