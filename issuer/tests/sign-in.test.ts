/** The sign-in pages as a browser meets them. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { Browser } from '../src/browser.ts';
import { BLOG_API, OTHER_API, TUTORIAL } from '../src/index.ts';
import { escapeHtml } from '../src/pages.ts';
import { startIssuer } from './support.ts';

describe('sign-in pages', async () => {
  const { issuer, flows } = await startIssuer();

  const authorize = (browser: Browser, parameters: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      client_id: TUTORIAL.applications.web,
      redirect_uri: TUTORIAL.redirectUri,
      response_type: 'code',
      scope: 'openid offline_access',
      prompt: 'consent',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
      ...parameters,
    });
    return browser.request(`${issuer.issuer}/auth?${query}`);
  };
  const signInPage = async (parameters?: Record<string, string>) => {
    const browser = new Browser();
    const location = (await authorize(browser, parameters)).headers.get('location') ?? '';
    assert.equal(location, '/sign-in');
    return { browser, url: `${issuer.endpoint}${location}` };
  };

  it('shows a form that names the application, and escapes what it repeats', async () => {
    const { browser, url } = await signInPage({ login_hint: '"><script>alert(1)</script>' });
    const response = await browser.request(url);
    const html = await response.text();
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(html, /<form method="post" action="\/sign-in">/);
    assert.match(html, /Sign in to Blog/);
    assert.ok(!html.includes('<script>'));
    assert.ok(html.includes(escapeHtml('"><script>alert(1)</script>')));
  });

  it('says so when there is no such user, and keeps the form', async () => {
    const { browser, url } = await signInPage();
    const response = await browser.request(url, new URLSearchParams({ username: 'nobody' }));
    assert.equal(response.status, 422);
    assert.match(await response.text(), /There is no user of this name[\s\S]*<form/);
  });

  it('refuses an oversized form and a sign-in it does not know', async () => {
    const { browser, url } = await signInPage();
    const oversized = new URLSearchParams({ username: 'x'.repeat(5000) });
    assert.equal((await browser.request(url, oversized)).status, 413);
    assert.equal((await fetch(`${issuer.endpoint}/sign-in`)).status, 400);
    assert.equal((await fetch(`${issuer.endpoint}/nothing-here`)).status, 404);
  });

  it('requires PKCE of a public application', async () => {
    const response = await authorize(new Browser(), { code_challenge: '', code_challenge_method: '' });
    const location = new URL(response.headers.get('location') ?? '');
    assert.equal(location.searchParams.get('error'), 'invalid_request');
  });

  it('does not ask a signed-in browser again, and forgets it when it signs out', async () => {
    const browser = new Browser();
    const visits = () => issuer.requests.count('/sign-in');
    const before = visits();
    const options = { username: 'editor', resources: [BLOG_API], browser };
    await flows.signIn(options);
    assert.equal(visits() - before, 2, 'the form and its answer');
    const again = await flows.signIn({ ...options, resources: [BLOG_API, OTHER_API], scopes: ['read:invoices'] });
    assert.equal(visits() - before, 2);
    assert.equal(decodeJwt(await again.accessToken(OTHER_API)).scope, 'read:invoices');

    const end = `${issuer.issuer}/session/end`;
    const page = await (await browser.request(`${end}?client_id=${TUTORIAL.applications.web}`)).text();
    const xsrf = /name="xsrf" value="(\w+)"/.exec(page)?.[1] ?? '';
    await browser.request(`${end}/confirm`, new URLSearchParams({ xsrf, logout: 'yes' }));
    assert.equal((await authorize(browser)).headers.get('location'), '/sign-in');
  });

  it('spends a refresh token once and ends the grant when it comes back', async () => {
    const session = await flows.signIn({ username: 'viewer', resources: [BLOG_API] });
    const spent = await session.refreshToken();
    await session.accessToken(BLOG_API);
    const refresh = (token: string) =>
      fetch(`${issuer.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: TUTORIAL.applications.web,
          refresh_token: token,
        }),
      });
    const current = await session.refreshToken();
    assert.notEqual(current, spent);
    assert.equal((await refresh(spent)).status, 400);
    assert.equal((await refresh(current)).status, 400);
  });
});
