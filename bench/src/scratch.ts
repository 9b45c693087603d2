/** Temporary directories. They are inside the workspace, so that what is put there finds the packages. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../.build', import.meta.url));

/** Makes a directory that lasts as long as `use` runs. */
export async function withDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  await mkdir(root, { recursive: true });
  const directory = await mkdtemp(join(root, 'run-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
