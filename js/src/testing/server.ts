import type * as Http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local HTTP server. */
export interface LocalServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/** What a path answers with: status and JSON; `undefined` for 404. */
export type Answer = (path: string) => { readonly status: number; readonly body: unknown } | undefined;

type Host = { process?: { getBuiltinModule?(name: string): unknown } };

/**
 * Serves JSON on loopback, in hosts with `node:http`. The module is asked for at run time: `import()` does not work
 * inside Jest, and no bundler should look for it.
 */
export async function serveLocally(answer: Answer): Promise<LocalServer> {
  const http = (globalThis as Host).process?.getBuiltinModule?.('node:http') as typeof Http | undefined;
  if (http === undefined) throw new TypeError('There is no node:http here: leave out serve, and use tenant.options.');
  const server = http.createServer((request, response) => {
    const { status, body } = answer(request.url ?? '/') ?? { status: 404, body: { code: 'not_found' } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A test that forgets to close it shall end all the same.
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
