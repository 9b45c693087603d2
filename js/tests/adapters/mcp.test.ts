// The official MCP client finds its way from the API's address to the issuer.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
  type OAuthClientProvider,
  selectResourceURL,
} from '@modelcontextprotocol/client';
import { createIssuer, type Issuer } from '@scopegate/issuer';
import express from 'express';
import { createVerifier, protectedResourceMetadata, protectedResourceMetadataUrl } from 'scopegate';
import { metadataHandler, requireAuth } from 'scopegate/express';
import { listen, type TestServer } from '../support/http.ts';

describe('an MCP client', () => {
  let issuer: Issuer;
  let server: TestServer;
  let resource: string;

  before(async () => {
    issuer = await createIssuer({ rsaModulusLength: 2048 });
    const { endpoint } = issuer;
    const app = express();
    server = await listen(app);
    resource = `${server.url}/mcp`;
    const resourceMetadata = protectedResourceMetadataUrl(resource);
    const metadata = protectedResourceMetadata({ endpoint, resource, scopes: ['use:tools'] });
    app.all(new URL(resourceMetadata).pathname, metadataHandler(metadata));
    const verifier = createVerifier({ endpoint, audience: resource });
    app.all('/mcp', requireAuth(verifier, { resourceMetadata, scopes: 'use:tools' }), (_request, response) => {
      response.end();
    });
  });

  after(async () => {
    await server?.close();
    await issuer?.stop();
  });

  it('reads the challenge', async () => {
    const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(await fetch(resource));
    assert.equal(resourceMetadataUrl?.href, `${server.url}/.well-known/oauth-protected-resource/mcp`);
    assert.deepEqual([scope, error], ['use:tools', undefined]);
  });

  it('finds the metadata without the challenge, too, and the resource to ask for in it', async () => {
    const metadata = await discoverOAuthProtectedResourceMetadata(resource);
    assert.deepEqual(metadata.scopes_supported, ['use:tools']);
    const selected = await selectResourceURL(resource, {} as OAuthClientProvider, metadata);
    assert.equal(selected?.href, resource);
  });

  it('finds the issuer', async () => {
    const { authorization_servers: [address = ''] = [] } = await discoverOAuthProtectedResourceMetadata(resource);
    const found = await discoverAuthorizationServerMetadata(address);
    assert.equal(found?.issuer, `${issuer.endpoint}/oidc`);
  });
});
