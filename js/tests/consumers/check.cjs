// What every kind of consumer does with the package.
const { readFileSync } = require('node:fs');

const input = JSON.parse(readFileSync(0, 'utf8'));

exports.check = async (scopegate, requireAuth, requireAuthOfWorkers) => {
  const { anyOf, createVerifier, ScopegateError, verifyIdToken, verifySignature } = scopegate;
  const { token, idToken, jwks, options, clientId, now } = input;
  const clock = () => now;
  const verifier = createVerifier({ ...options, jwks, clock });

  const { subject } = await verifier.verify(token, { scopes: anyOf('read:posts', 'x') });
  const refused = await verifier.verify(`${token}x`).catch((error) => error instanceof ScopegateError && error.code);
  // A promise with WebCrypto.
  const signed = (await verifySignature(token, jwks, { algorithms: ['ES384'] })).header.alg;
  const signedIn = await verifyIdToken(idToken, { endpoint: options.endpoint, clientId, jwks, clock });

  const express = await new Promise((resolve) => {
    const headers = {};
    const response = {
      setHeader: (name, value) => (headers[name] = value),
      end: () => resolve([response.statusCode, headers]),
    };
    requireAuth(verifier)({ method: 'GET', headers: {} }, response, resolve);
  });
  const request = new Request('https://api.yourapp.com/', { headers: { authorization: 'Bearer a.b.c' } });
  const workers = await requireAuthOfWorkers(verifier, () => new Response())(request);
  return {
    subject,
    refused,
    signed,
    signedIn: signedIn.subject,
    express,
    workers: [workers.status, (await workers.json()).code],
  };
};
