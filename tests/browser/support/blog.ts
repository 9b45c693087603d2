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

/** What the API said to a request that the page would not have offered. */
export async function bypass(page: Page, name: 'Read' | 'Write' | 'Delete'): Promise<string> {
  const answered = page.waitForResponse((response) => response.url().includes('/api/'));
  await page.getByRole('button', { name: `${name} anyway` }).click();
  await answered;
  return page.locator('.answer').innerText();
}
