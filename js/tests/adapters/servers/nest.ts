// A process of its own: decorators need a compiler that is told of them (tsconfig.nest.json).
import 'reflect-metadata';
import { All, Controller, type INestApplication, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { AccessToken } from 'scopegate';
import { Auth, AuthGuard, metadataHandler, RequireScopes, requireAuth, ScopegateModule } from 'scopegate/nest';
import { createApi, fails, MORE, POSTS, subject, TENANT, type Tenant } from '../api.ts';

const { resource, organizations, outage, metadata } = createApi(JSON.parse(process.env[TENANT] ?? '') as Tenant);

@Controller()
class Routes {
  @All('posts')
  @UseGuards(requireAuth(resource, POSTS))
  posts(@Auth() auth: AccessToken) {
    return subject(auth);
  }

  @All('any')
  @UseGuards(AuthGuard)
  any(@Auth() auth: AccessToken) {
    return subject(auth);
  }

  @All('optional')
  @UseGuards(requireAuth(resource, { optional: true }))
  optional(@Auth() auth: AccessToken | null) {
    return subject(auth);
  }

  @All('optional-more')
  @UseGuards(requireAuth(resource, { optional: true }))
  @RequireScopes(...MORE)
  optionalMore(@Auth() auth: AccessToken | null) {
    return subject(auth);
  }

  @All('outage')
  @UseGuards(requireAuth(outage))
  outage(@Auth() auth: AccessToken) {
    return subject(auth);
  }

  @All('organizations/:id')
  @UseGuards(requireAuth(organizations, { organization: ({ params }) => params.id }))
  byPath(@Auth() auth: AccessToken) {
    return subject(auth);
  }

  @All('by-header')
  @UseGuards(requireAuth(organizations, { organization: ({ headers }) => headers['x-organization'] }))
  byHeader(@Auth() auth: AccessToken) {
    return subject(auth);
  }

  @All('by-function')
  @UseGuards(
    requireAuth(organizations, {
      organization: async ({ query }) => query.organization as string,
      scopes: 'read:posts',
    }),
  )
  byFunction(@Auth() auth: AccessToken) {
    return subject(auth);
  }

  @All('fixed')
  @UseGuards(requireAuth(organizations, { organization: 'org1' }))
  fixed(@Auth() auth: AccessToken) {
    return subject(auth);
  }

  @All('cors')
  @RequireScopes('read:posts')
  @UseGuards(requireAuth(resource, { preflight: true }))
  cors(@Auth() auth: AccessToken | null) {
    return subject(auth);
  }

  @All('throws')
  @UseGuards(requireAuth(organizations, { organization: fails }))
  throws(@Auth() auth: AccessToken) {
    return subject(auth);
  }

  @All('forgotten')
  @RequireScopes('read:posts')
  forgotten() {
    return subject(null);
  }
}

/** Scopes of the class, of the method, and of two decorators on one of them, all of which count. */
@Controller()
@UseGuards(AuthGuard)
@RequireScopes('write:posts')
class More {
  @All('more')
  @RequireScopes(MORE[1])
  @RequireScopes(MORE[0])
  more(@Auth() auth: AccessToken) {
    return subject(auth);
  }
}

@Module({ imports: [ScopegateModule.forRoot(resource)], controllers: [Routes, More] })
class AppModule {}

// Faults are for the suite to see, not for the console.
const options = { logger: false } as const;
const app: INestApplication =
  process.argv[2] === 'fastify'
    ? await NestFactory.create(AppModule, new FastifyAdapter(), options)
    : await NestFactory.create(AppModule, options);
// As middleware, on either platform. The longer path comes first: it is below the other.
for (const [path, document] of Object.entries(metadata).reverse()) app.use(path, metadataHandler(document));
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());
