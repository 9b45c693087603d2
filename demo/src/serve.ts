/** The demonstration for people: addresses, and a command to try for each role. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BLOG_API, BLOG_ORGANIZATION_API, type Issuer } from '@scopegate/issuer';
import { ORGANIZATION } from './expectations.ts';
import { HOSTS, type Host } from './hosts.ts';
import type { Page } from './pages.ts';
import { People } from './people.ts';
import type { RunningServer } from './processes.ts';

/** The commands below should work for as long as one cares to try them. */
const TOKEN_LIFETIME = 24 * 3600;

/** Prints what can be tried. Resolves to a function that removes the token files again. */
export async function present(
  issuer: Issuer,
  servers: Map<Host, RunningServer>,
  pages: readonly Page[],
): Promise<() => Promise<void>> {
  for (const indicator of [BLOG_API, BLOG_ORGANIZATION_API]) {
    issuer.setAccessTokenTtl(indicator, TOKEN_LIFETIME);
  }
  const people = new People(issuer);
  const directory = await mkdtemp(join(tmpdir(), 'scopegate-demo-'));
  const remove = () => rm(directory, { recursive: true, force: true });

  /** Tokens go to files only their owner can read, not to the terminal; curl reads the header from there. */
  const header = async (name: string, token: string): Promise<string> => {
    const file = join(directory, name);
    await writeFile(file, `Authorization: Bearer ${token}\n`, { mode: 0o600 });
    return `-H @${file}`;
  };

  try {
    const json = `-H 'Content-Type: application/json' -d '{"title":"Hello"}'`;
    const [url = ''] = HOSTS.map((host) => servers.get(host)?.url);
    const tries: [who: string, command: string][] = [
      ['anonymous', `curl -i ${url}/posts`],
      ['viewer', `curl -i ${await header('viewer', await people.api('viewer'))} ${url}/posts`],
      ['editor', `curl -i ${await header('editor', await people.api('editor'))} ${json} ${url}/posts`],
      ['admin', `curl -i ${await header('admin', await people.api('admin'))} -X DELETE ${url}/posts/1`],
      ['machine', `curl -i ${await header('machine', await people.machine())} ${url}/posts`],
      [
        'member',
        `curl -i ${await header('member', await people.organizationApi('viewer', ORGANIZATION))} ${url}/organizations/${ORGANIZATION}/posts`,
      ],
    ];
    const places = [
      ...pages.map((page) => [page.name, page.url]),
      ['issuer', issuer.issuer],
      ...HOSTS.map((host) => [host.name, servers.get(host)?.url ?? '']),
    ];
    console.log('Running, until Ctrl-C:\n');
    console.log(columns(places));
    console.log('\nOpen the pages in a browser; sign in as viewer, editor or admin. Or try, on any of these hosts:\n');
    console.log(columns(tries));
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

function columns(lines: string[][]): string {
  const width = Math.max(...lines.map(([name = '']) => name.length));
  return lines.map(([name = '', text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
