import express from 'express';
import { createVerifier, protectedResourceMetadata, protectedResourceMetadataUrl } from 'scopegate';
import { metadataHandler, requireAuth, requireScopes } from 'scopegate/express';

const endpoint = 'https://tenant.logto.app'; // the Logto endpoint
const audience = 'https://api.yourapp.com'; // the API identifier, exactly as in Logto
const verifier = createVerifier({ endpoint, audience });

const app = express();

// RFC 9728: MCP clients, and others that know only the API's address, find its issuer here.
const resourceMetadata = protectedResourceMetadataUrl(audience);
const metadata = protectedResourceMetadata({ endpoint, resource: audience, scopes: ['read:posts', 'delete:posts'] });
app.all(new URL(resourceMetadata).pathname, metadataHandler(metadata));

app.use(requireAuth(verifier, { resourceMetadata }));

app.get('/posts', requireScopes('read:posts'), (req, res) => {
  res.json({ reader: req.auth?.subject, posts: [] });
});

app.delete('/posts/:id', requireScopes('delete:posts'), (_req, res) => {
  res.sendStatus(204);
});

app.listen(3000, '127.0.0.1');
