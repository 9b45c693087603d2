import Router from '@koa/router';
import Koa from 'koa';
import { createVerifier } from 'scopegate';
import { type AuthState, requireAuth, requireScopes } from 'scopegate/koa';

const verifier = createVerifier({
  endpoint: 'https://tenant.logto.app', // the Logto endpoint
  audience: 'https://api.yourapp.com', // the API identifier, exactly as in Logto
});

const router = new Router<AuthState>();

router.get('/posts', requireScopes('read:posts'), (ctx) => {
  ctx.body = { reader: ctx.state.auth?.subject, posts: [] };
});

router.delete('/posts/:id', requireScopes('delete:posts'), (ctx) => {
  ctx.status = 204;
});

new Koa().use(requireAuth(verifier)).use(router.routes()).listen(3000, '127.0.0.1');
