/** The blog as people use it: issuer, API and page, and a browser to look at it. */

import { express } from '@scopegate/demo/hosts';
import { type Page as ServedPage, serveBlog } from '@scopegate/demo/pages';
import { createIssuer, type Issuer } from '@scopegate/issuer';
import type { Page } from 'playwright-core';

export interface Blog {
  readonly issuer: Issuer;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it all. */
export async function startBlog(): Promise<Blog> {
  const issuer = await createIssuer();
  const api = await express.start(issuer);
  const page: ServedPage = await serveBlog(issuer, api.url);
  return {
    issuer,
    url: page.url,
    async stop() {
      await page.stop();
      await api.stop();
      await issuer.stop();
    },
  };
}

/** Signs in on the issuer's page, and comes back. */
export async function signIn(page: Page, username: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Username').fill(username);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

const METHODS = { Write: 'POST', Delete: 'DELETE' };

/** What the API said to a request that the page would not have offered. */
export async function bypass(page: Page, name: keyof typeof METHODS): Promise<string> {
  const method = METHODS[name];
  // The page reads its list anew after it was changed: that is another request, and the answer before it may still be shown.
  const answered = page.waitForResponse((response) => {
    return response.url().includes('/api/') && response.request().method() === method;
  });
  await page.getByRole('button', { name: `${name} anyway` }).click();
  await answered;
  const answer = page.locator('.answer', { hasText: `${method} ` });
  await answer.waitFor();
  return answer.innerText();
}
