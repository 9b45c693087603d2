import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { BLOG_API, TUTORIAL } from '@scopegate/issuer';
import type { Page } from 'playwright-core';
import { seriousViolations } from './support/accessibility.ts';
import { type Blog, bypass, signIn, startBlog } from './support/blog.ts';
import { type Chromium, screenshot, startChromium } from './support/chromium.ts';

const { acme, globex } = TUTORIAL.organizations;

/** What a role sees, and what the API says when asked all the same. */
const ROLES = [
  { name: 'viewer', writes: false, deletes: false },
  { name: 'editor', writes: true, deletes: false },
  { name: 'admin', writes: true, deletes: true },
] as const;

const newPost = (page: Page) => page.getByLabel('New post');
const deleteButtons = (page: Page) => page.getByRole('button', { name: /^Delete (?!anyway)/ });
const status = (page: Page, text: string) => page.locator('.answer', { hasText: text }).waitFor();

describe('the blog in a browser', () => {
  let blog: Blog;
  let chromium: Chromium;
  before(async () => {
    blog = await startBlog();
  });
  after(() => blog.stop());

  const open = async (options?: Parameters<Chromium['open']>[1]) => {
    chromium = await startChromium();
    return chromium.open(blog.url, options);
  };
  afterEach(() => chromium.close());

  it('is fit to be used before the sign-in', async () => {
    const { page, complaints } = await open();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    assert.deepEqual(await seriousViolations(page), []);
    assert.deepEqual(complaints, []);
    await screenshot(page, 'blog-signed-out');
  });

  for (const { name, writes, deletes } of ROLES) {
    it(`shows ${name} what the role may, and the API refuses the rest`, async () => {
      const { page, complaints } = await open({ dark: name === 'editor' });
      await signIn(page, name);
      await page.getByText('Hello, world').waitFor();
      assert.equal(await newPost(page).count(), writes ? 1 : 0);
      assert.equal((await deleteButtons(page).count()) > 0, deletes);
      assert.deepEqual(await seriousViolations(page), []);

      // Nothing but the key set's and the page's own servers is asked, and no policy is violated.
      assert.deepEqual(complaints, []);
      assert.match(await bypass(page, 'Write'), writes ? /201/ : /403\s+scope_insufficient/);
      await status(page, 'POST /posts');
      const deleted = await bypass(page, 'Delete');
      if (!deletes) assert.match(deleted, /WWW-Authenticate\s+Bearer error="insufficient_scope"/);
      await status(page, deletes ? '404' : 'scope_insufficient');
      await screenshot(page, `blog-${name}`);
    });
  }

  it('writes and deletes posts, by keyboard alone', async () => {
    const { page } = await open();
    await signIn(page, 'admin');
    await newPost(page).focus();
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Enter');
    const button = page.getByRole('button', { name: 'Delete By keyboard' });
    await button.waitFor();
    await button.focus();
    await page.keyboard.press('Enter');
    await button.waitFor({ state: 'detached' });
    await status(page, '204');
  });

  it('shows what the role in an organization allows, after switching to it', async () => {
    const { page } = await open();
    await signIn(page, 'admin');
    await deleteButtons(page).first().waitFor();
    const organization = page.getByLabel('Organization');
    await organization.selectOption(globex);
    await page.getByText(`News from ${globex}`).waitFor();
    assert.equal(await newPost(page).count(), 0);
    assert.equal(await deleteButtons(page).count(), 0);
    await bypass(page, 'Write');
    await status(page, 'scope_insufficient');
    await organization.selectOption(acme);
    await page.getByText(`News from ${acme}`).waitFor();
    await newPost(page).waitFor();
    await bypass(page, 'Write');
    await status(page, '201');
    await screenshot(page, 'blog-organization');
    await organization.selectOption('');
    await page.getByText('Hello, world').waitFor();
  });

  it('takes a new token when one expires, and shows a role’s change then', async () => {
    blog.issuer.setAccessTokenTtl(BLOG_API, 5);
    const user = blog.issuer.tenant.user(TUTORIAL.users.admin);
    assert.ok(user);
    try {
      const { page } = await open();
      await signIn(page, 'admin');
      await newPost(page).waitFor();
      user.roles = ['viewer'];
      await newPost(page).waitFor({ state: 'detached', timeout: 15_000 });
      await page.getByText('Hello, world').waitFor();
    } finally {
      user.roles = ['admin'];
      blog.issuer.setAccessTokenTtl(BLOG_API, 3600);
    }
  });

  it('shows a role’s change at once when it is asked to refresh', async () => {
    const user = blog.issuer.tenant.user(TUTORIAL.users.admin);
    assert.ok(user);
    const { page } = await open();
    try {
      await signIn(page, 'admin');
      await newPost(page).waitFor();
      user.roles = ['viewer'];
      await page.getByRole('button', { name: 'Refresh permissions' }).click();
      await newPost(page).waitFor({ state: 'detached' });
    } finally {
      user.roles = ['admin'];
    }
  });

  it('shows nothing when the session has ended, and says why', async () => {
    blog.issuer.setAccessTokenTtl(BLOG_API, 2);
    try {
      const { page } = await open();
      await signIn(page, 'viewer');
      await page.getByText('Hello, world').waitFor();
      await blog.issuer.stop();
      await page.getByText('token_missing').waitFor({ timeout: 15_000 });
      assert.equal(await page.getByText('Hello, world').count(), 0);
    } finally {
      await blog.issuer.start();
      blog.issuer.setAccessTokenTtl(BLOG_API, 3600);
    }
  });

  it('says what is wrong with a client that asks for no resource, and so gets opaque tokens', async () => {
    const { page } = await open();
    await page.route('**/oidc/token', (route) => {
      const form = new URLSearchParams(route.request().postData() ?? '');
      form.delete('resource');
      return route.continue({ postData: form.toString() });
    });
    await signIn(page, 'admin');
    await page.getByText('token_opaque').waitFor();
    await page.getByText('list the identifier under resources').waitFor();
    assert.equal(await newPost(page).count(), 0);
    await screenshot(page, 'blog-opaque');
  });

  it('fits a narrow screen', async () => {
    const { page } = await open({ width: 360, dark: true });
    await signIn(page, 'admin');
    await newPost(page).waitFor();
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(overflow, 0);
    assert.deepEqual(await seriousViolations(page), []);
    await screenshot(page, 'blog-narrow');
  });

  it('signs out', async () => {
    const { page } = await open();
    await signIn(page, 'viewer');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Viewers read, editors write').waitFor();
  });
});
