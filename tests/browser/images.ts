/**
 * Takes the pictures that the README shows, from the pages as they are:
 *
 *     node --import tsx tests/browser/images.ts
 */

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { serveInspector } from '@scopegate/demo/pages';
import { BLOG_API, TUTORIAL } from '@scopegate/issuer';
import { createFlows } from '@scopegate/issuer/flows';
import { bypass, signIn, startBlog } from './support/blog.ts';
import { startChromium } from './support/chromium.ts';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const blog = await startBlog();
const inspector = await serveInspector();
const chromium = await startChromium();
try {
  await mkdir(images, { recursive: true });
  const { page } = await chromium.open(blog.url, { width: 800 });
  await signIn(page, 'editor');
  await page.getByText('Hello, world').waitFor();
  await bypass(page, 'Delete');
  await page.getByText('scope_insufficient').first().waitFor();
  await page.screenshot({ path: `${images}blog.png` });

  // The mistake that the inspector is most often for: an audience that differs by a slash.
  const session = await createFlows(blog.issuer).signIn({
    username: Object.keys(TUTORIAL.users)[0] ?? '',
    resources: [BLOG_API],
  });
  const settings = new URLSearchParams({ endpoint: blog.issuer.endpoint, audience: `${BLOG_API}/` });
  const { page: second } = await chromium.open(`${inspector.url}/#${settings}`, { width: 1024 });
  await second.getByLabel('Token').fill(await session.accessToken(BLOG_API));
  await second.getByRole('button', { name: 'Inspect' }).click();
  await second.locator('.verdict').waitFor();
  await second.screenshot({ path: `${images}inspector.png` });
} finally {
  await chromium.close();
  await inspector.stop();
  await blog.stop();
}
process.exit();
