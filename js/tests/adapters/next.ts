// Next builds into the directory of the application, and writes files of its own there: it gets a copy.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { output, serve } from '../../../bench/src/hosts/process.ts';
import type { TestServer } from '../support/http.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');

/**
 * Builds an application with Next, and serves it.
 *
 * @param source what is copied.
 * @param application the application's directory in it.
 * @param prepare may change the copy.
 */
export async function startNext(
  source: URL,
  application: string,
  variables: Readonly<Record<string, string>>,
  prepare: (directory: string) => void = () => undefined,
): Promise<Pick<TestServer, 'url' | 'close'>> {
  mkdirSync(`${root}target`, { recursive: true });
  const copy = mkdtempSync(`${root}target/next-`);
  const remove = () => rmSync(copy, { recursive: true, force: true });
  try {
    cpSync(fileURLToPath(source), copy, { recursive: true });
    const directory = `${copy}/${application}`;
    prepare(directory);
    const env = { ...variables, NEXT_TELEMETRY_DISABLED: '1', NEXT_ROOT: root };
    const file = process.execPath;
    await output({ file, args: [next, 'build', directory], env });
    const args = [next, 'start', directory, '--hostname', '127.0.0.1', '--port', '0'];
    const server = await serve({ file, args, env }, /^\s*- Local:\s+(http:\S+)$/m);
    const close = async (): Promise<void> => {
      await server.stop();
      remove();
    };
    return { url: server.announced, close };
  } catch (error) {
    remove();
    throw error;
  }
}
