/** HTTP behaviour around the provider that verifiers notice: caching headers, ETag and 304, compression. */

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Context, Middleware } from 'koa';
import type { RequestLog } from './request-log.ts';

/** Logto compresses answers above about 1 KB. */
const COMPRESSION_THRESHOLD = 1024;

/** Notes every answered request in `log`. */
export const logRequests =
  (log: RequestLog): Middleware =>
  async (ctx, next) => {
    const at = Date.now();
    try {
      await next();
    } finally {
      log.add({ method: ctx.method, path: ctx.path, status: ctx.status, at });
    }
  };

/** `Cache-Control` of the key set, as Logto sends it since 1.39. */
export const cacheHeaders: Middleware = async (ctx, next) => {
  await next();
  if (ctx.method === 'GET' && ctx.path.endsWith('/jwks')) {
    ctx.set('Cache-Control', 'no-cache, max-age=0, must-revalidate');
  }
};

/** Adds to the provider's JSON errors the members by which Logto's SDKs recognize them: `code` and `message`. */
export const logtoErrors: Middleware = async (ctx, next) => {
  await next();
  const { body } = ctx;
  if (ctx.status >= 400 && isRecord(body) && typeof body.error === 'string') {
    ctx.body = { code: `oidc.${body.error}`, message: body.error_description ?? body.error, ...body };
  }
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** `ETag` on GET answers of the OIDC routes, 304 when the client has it already, and gzip for larger bodies. */
export const conditionalGet: Middleware = async (ctx, next) => {
  await next();
  if (ctx.method !== 'GET' || ctx.status !== 200 || !ctx.path.startsWith('/oidc/')) {
    return;
  }
  const bytes = bodyBytes(ctx);
  if (bytes === undefined) {
    return;
  }
  ctx.set('ETag', `"${bytes.length.toString(16)}-${createHash('sha1').update(bytes).digest('base64url')}"`);
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  compress(ctx, bytes);
};

function bodyBytes(ctx: Context): Buffer | undefined {
  const { body } = ctx;
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    return Buffer.from(body);
  }
  return isRecord(body) && !('pipe' in body) ? Buffer.from(JSON.stringify(body)) : undefined;
}

function compress(ctx: Context, bytes: Buffer): void {
  ctx.vary('Accept-Encoding');
  if (bytes.length <= COMPRESSION_THRESHOLD || ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') {
    return;
  }
  // Setting a binary body would make Koa call it `application/octet-stream`.
  const contentType = ctx.response.get('Content-Type') || 'application/json; charset=utf-8';
  ctx.body = gzipSync(bytes);
  ctx.set('Content-Type', contentType);
  ctx.set('Content-Encoding', 'gzip');
}
