/** The issuer's key set on loopback. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PublicJwk } from '../job.ts';

export interface JwksServer {
  uri: string;
  stop: () => void;
}

export async function serveJwks(keys: readonly PublicJwk[]): Promise<JwksServer> {
  const body = JSON.stringify({ keys });
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/jwk-set+json').end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    uri: `http://127.0.0.1:${port}/oidc/jwks`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
