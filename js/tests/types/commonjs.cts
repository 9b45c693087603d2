// A CommonJS project with types.
import scopegate = require('scopegate');
import adapter = require('scopegate/express');

const verifier = scopegate.createVerifier({
  endpoint: 'https://tenant.logto.app',
  audience: 'https://api.yourapp.com',
});

export = {
  middleware: adapter.requireAuth(verifier, { scopes: scopegate.anyOf('read:posts', 'write:posts') }),
  // @ts-expect-error no audience
  broken: () => scopegate.createVerifier({ endpoint: 'https://tenant.logto.app' }),
};
