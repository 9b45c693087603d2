/** A real browser: Debian's Chromium, driven by Playwright, with an empty profile each time. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Set by xtask, which knows where it is or installs it. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const screenshots = fileURLToPath(new URL('../../../target/screenshots/', import.meta.url));

export interface Chromium {
  readonly context: BrowserContext;
  /** A page, and everything that it and its console complain of. */
  open(url: string, options?: { dark?: boolean; width?: number }): Promise<{ page: Page; complaints: string[] }>;
  close(): Promise<void>;
}

/** Starts a browser. */
export async function startChromium(): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'scopegate-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: ARGS,
    headless: true,
    chromiumSandbox: false,
  });
  return {
    context,
    async open(url, { dark = false, width = 1100 } = {}) {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // Pages of other servers, such as the issuer's, may complain of what they like.
        const own = message.location().url.startsWith(new URL(url).origin);
        if (own && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(url);
      return { page, complaints };
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Saves what the page looks like under target/screenshots/, for people to look at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}${name}.png`, fullPage: true });
}
