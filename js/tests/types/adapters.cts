// The adapters in a CommonJS project.
import scopegate = require('scopegate');
import fastify = require('scopegate/fastify');
import hapi = require('scopegate/hapi');
import hono = require('scopegate/hono');
import koa = require('scopegate/koa');
import nest = require('scopegate/nest');
import next = require('scopegate/next');

const verifier = scopegate.createVerifier({
  endpoint: 'https://tenant.logto.app',
  audience: 'https://api.yourapp.com',
});

export = [
  fastify.requireAuth(verifier),
  hapi.requireAuth(verifier),
  hono.requireAuth(verifier),
  koa.requireAuth(verifier),
  nest.requireAuth(verifier),
  next.requireAuth(verifier, (_request, auth) => new Response(auth.subject)),
  // @ts-expect-error no verifier
  koa.requireAuth(),
];
