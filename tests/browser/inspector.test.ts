import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Page as ServedPage, serveInspector } from '@scopegate/demo/pages';
import { BLOG_API, BLOG_ORGANIZATION_API, createIssuer, type Issuer, TUTORIAL } from '@scopegate/issuer';
import { createFlows, type Session } from '@scopegate/issuer/flows';
import type { Page } from 'playwright-core';
import { seriousViolations } from './support/accessibility.ts';
import { type Chromium, screenshot, startChromium } from './support/chromium.ts';

const { acme, globex } = TUTORIAL.organizations;

describe('the inspector in a browser', () => {
  let issuer: Issuer;
  let served: ServedPage;
  let session: Session;
  let chromium: Chromium;
  before(async () => {
    issuer = await createIssuer();
    served = await serveInspector();
    const resources = [BLOG_API, BLOG_ORGANIZATION_API];
    session = await createFlows(issuer).signIn({ username: 'admin', resources });
    chromium = await startChromium();
  });
  after(async () => {
    await chromium.close();
    await served.stop();
    await issuer.stop();
  });
  afterEach(async () => {
    for (const page of chromium.context.pages().slice(1)) await page.close();
  });

  /** The page, with settings from its address and a token in the form. */
  const open = async (token: string, more: object = {}, options?: Parameters<Chromium['open']>[1]) => {
    const settings = new URLSearchParams({ endpoint: issuer.endpoint, audience: BLOG_API, ...more });
    const opened = await chromium.open(`${served.url}/#${settings}`, options);
    await opened.page.getByLabel('Token').fill(token);
    return opened;
  };
  const inspect = async (page: Page) => {
    await page.getByRole('button', { name: 'Inspect' }).click();
    await page.locator('.verdict').waitFor();
    return page.locator('.verdict').innerText();
  };
  const steps = (page: Page, status: string) => page.locator(`.steps li.${status} strong`).allInnerTexts();

  it('accepts a good token, and shows what is in it with its times', async () => {
    const { page, complaints } = await open(await session.accessToken(BLOG_API), { scopes: 'read:posts' });
    assert.match(await page.locator('#result').innerText(), /Looks like: access/);
    assert.match(await inspect(page), /^Accepted/);
    assert.equal((await steps(page, 'pass')).length, 18);
    assert.match(await page.locator('dl.members').last().innerText(), /expires in (59 minutes|1 hour)/);
    assert.deepEqual(await seriousViolations(page), []);
    assert.deepEqual(complaints, []);
    await screenshot(page, 'inspector-accepted');
  });

  it('says why a token is refused, and what was not reached', async () => {
    const { page } = await open(await session.accessToken(BLOG_API), { audience: `${BLOG_API}/` }, { dark: true });
    assert.match(await inspect(page), /audience_mismatch[\s\S]*trailing slash/);
    assert.deepEqual(await steps(page, 'fail'), ['audience']);
    assert.deepEqual(await seriousViolations(page), []);
    await screenshot(page, 'inspector-refused');
    await page.getByLabel('Token').fill('a'.repeat(43));
    assert.match(await page.locator('#result').innerText(), /opaque/);
    assert.match(await inspect(page), /token_opaque/);
    assert.deepEqual(await steps(page, 'fail'), ['structure']);
    assert.equal((await steps(page, 'not_reached')).length, 16);
  });

  it('finds a forged claim, and says that what it shows is unverified', async () => {
    const [header, body = '', signature] = (await session.accessToken(BLOG_API)).split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, scope: '<img src=x onerror=alert(1)>' })).toString(
      'base64url',
    );
    const { page, complaints } = await open(`Bearer ${header}.${forged}.${signature}`);
    assert.match(await inspect(page), /signature_invalid/);
    await page.getByText('Unverified').first().waitFor();
    assert.equal(await page.locator('#result img').count(), 0);
    assert.deepEqual(complaints, []);
  });

  it('knows organizations', async () => {
    const token = await session.accessToken(BLOG_ORGANIZATION_API, acme);
    const settings = { audience: BLOG_ORGANIZATION_API, model: 'organization-resource' };
    const { page } = await open(token, { ...settings, organization: acme, scopes: 'delete:posts' });
    assert.match(await inspect(page), /^Accepted/);
    await page.getByLabel('Organization id').fill(globex);
    await page.getByRole('button', { name: 'Inspect' }).click();
    await page.getByText('organization_mismatch').first().waitFor();
  });

  it('takes a pasted key set, and then asks nobody', async () => {
    const { page } = await open(await session.accessToken(BLOG_API));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.locator('summary').click();
    await page.getByLabel('JWKS').fill(JSON.stringify(issuer.jwks()));
    assert.match(await inspect(page), /^Accepted/);
    assert.deepEqual(asked, []);
    await page.getByLabel('JWKS').fill('');
    assert.match(await inspect(page), /^Accepted/);
    await page.waitForTimeout(200);
    assert.deepEqual(asked, [issuer.jwksUri]);
    await page.getByLabel('JWKS').fill('{');
    await page.getByRole('button', { name: 'Inspect' }).click();
    await page.getByText('config_invalid').waitFor();
  });

  it('keeps settings in the link, and never a token', async () => {
    const token = await session.accessToken(BLOG_API);
    const { page } = await open(token, { scopes: 'write:posts', token: 'from the link' });
    assert.match(await inspect(page), /^Accepted/);
    const link = new URL(page.url());
    assert.equal(link.search, '');
    assert.deepEqual(Object.fromEntries(new URLSearchParams(link.hash.slice(1))), {
      endpoint: issuer.endpoint,
      audience: BLOG_API,
      model: 'resource',
      scopes: 'write:posts',
    });
    const stored = await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])');
    assert.equal(stored, '[{},{},""]');
    const again = await chromium.open(`${page.url()}&token=${token}`);
    assert.equal(await again.page.getByLabel('Token').inputValue(), '');
    assert.equal(await again.page.getByLabel('Required scopes').inputValue(), 'write:posts');
    await page.getByRole('button', { name: 'Clear the token' }).click();
    assert.equal(await page.locator('#result').innerText(), '');
  });

  it('says when the key set cannot be loaded', async () => {
    const { page } = await open(await session.accessToken(BLOG_API), { endpoint: 'http://127.0.0.1:1' });
    assert.match(await inspect(page), /keys_unavailable/);
  });

  it('fits a narrow screen', async () => {
    const { page } = await open(await session.accessToken(BLOG_API), {}, { width: 360, dark: true });
    await inspect(page);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(overflow, 0);
    assert.deepEqual(await seriousViolations(page), []);
    await screenshot(page, 'inspector-narrow');
  });
});
