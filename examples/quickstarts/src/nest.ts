import 'reflect-metadata';
import { Controller, Delete, Get, HttpCode, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AccessToken, createVerifier } from 'scopegate';
import { Auth, AuthGuard, RequireScopes, ScopegateModule } from 'scopegate/nest';

const verifier = createVerifier({
  endpoint: 'https://tenant.logto.app', // the Logto endpoint
  audience: 'https://api.yourapp.com', // the API identifier, exactly as in Logto
});

@Controller('posts')
@UseGuards(AuthGuard)
class PostsController {
  @Get()
  @RequireScopes('read:posts')
  list(@Auth() auth: AccessToken) {
    return { reader: auth.subject, posts: [] };
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:posts')
  remove() {}
}

@Module({ imports: [ScopegateModule.forRoot(verifier)], controllers: [PostsController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
await app.listen(3000, '127.0.0.1');
