/** The pages: the blog in React, and the token inspector. Both are built by Vite, and served by it as they are built. */

import { fileURLToPath } from 'node:url';
import { BLOG_API, BLOG_ORGANIZATION_API, type Issuer, TUTORIAL } from '@scopegate/issuer';
import { build, type PreviewOptions, preview } from 'vite';

/** A page that is served. */
export interface Page {
  readonly name: string;
  /** Base address without a trailing slash. */
  readonly url: string;
  stop(): Promise<void>;
}

const directory = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What a page may load and ask: no inline scripts, no `eval` but that of WebAssembly, and only the servers it needs. */
function contentSecurityPolicy(...connect: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    'img-src data:',
    `connect-src ${connect.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Builds the blog's page for an issuer, serves it in front of an API, and registers it as the tenant's web application. */
export async function serveBlog(issuer: Issuer, apiUrl: string): Promise<Page> {
  const root = directory('examples/react');
  const outDir = directory(`target/pages/blog-${new URL(issuer.endpoint).port}`);
  // How Vite takes settings; it reads them while it builds.
  Object.assign(process.env, {
    VITE_LOGTO_ENDPOINT: issuer.endpoint,
    VITE_LOGTO_APP_ID: TUTORIAL.applications.web,
    VITE_API_RESOURCE: BLOG_API,
    VITE_ORGANIZATION_API_RESOURCE: BLOG_ORGANIZATION_API,
    API_URL: apiUrl,
  });
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const page = await serve('blog (React)', root, outDir, {
    'Content-Security-Policy': contentSecurityPolicy("'self'", issuer.endpoint),
  });
  const application = issuer.tenant.application(TUTORIAL.applications.web);
  if (application !== undefined) {
    application.redirectUris = [...(application.redirectUris ?? []), `${page.url}/callback`];
    application.postLogoutRedirectUris = [...(application.postLogoutRedirectUris ?? []), page.url];
  }
  return page;
}

/** Serves the inspector as `cargo xtask build` has built it. It may ask any issuer for its key set. */
export function serveInspector(): Promise<Page> {
  const outDir = directory('target/inspector');
  return serve('inspector', directory('examples/inspector'), outDir, {
    'Content-Security-Policy': contentSecurityPolicy("'self'", 'https:', 'http://127.0.0.1:*', 'http://localhost:*'),
    'Referrer-Policy': 'no-referrer',
  });
}

async function serve(
  name: string,
  root: string,
  outDir: string,
  headers: NonNullable<PreviewOptions['headers']>,
): Promise<Page> {
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, open: false, headers },
  });
  const [url] = server.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error(`${name}: the server does not say where it listens`);
  return { name, url: url.replace(/\/$/, ''), stop: () => server.close() };
}
