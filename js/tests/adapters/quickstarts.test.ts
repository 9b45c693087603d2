import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BLOG_API, createIssuer, type Issuer } from '@scopegate/issuer';
import { createFlows } from '@scopegate/issuer/flows';
import { bun, deno } from '../../../bench/src/hosts/binaries.ts';
import { ask, type Reply } from '../support/http.ts';
import { freePort, startServer } from '../support/processes.ts';
import { compatibilityDate, startWorkerd } from '../support/workerd.ts';
import { HOSTS, versionOf } from './hosts.ts';
import { startNext } from './next.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const quickstarts = `${root}examples/quickstarts/`;
const sources = `${quickstarts}src/`;
const ENDPOINT = 'https://tenant.logto.app';

const textOf = (name: string): string => readFileSync(sources + name, 'utf8');

/** All files that a reader may copy. */
const FILES = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** A quickstart as it is written, but for the addresses: each has to be there exactly once. */
function adapted(name: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((text, [from, to]) => {
    assert.equal(text.split(from).length, 2, `not once in ${name}: ${from}`);
    return text.replace(from, () => to);
  }, textOf(name));
}

describe('the quickstarts', () => {
  let issuer: Issuer;
  let directory: string;
  const users: Record<string, Record<string, string>> = {};

  before(async () => {
    issuer = await createIssuer({ rsaModulusLength: 2048 });
    mkdirSync(`${root}target`, { recursive: true });
    directory = mkdtempSync(`${root}target/quickstarts-`);
    // Where npm put versions of packages that differ from the workspace's.
    const own = `${quickstarts}node_modules`;
    if (existsSync(own)) symlinkSync(own, `${directory}/node_modules`);
    // tsx heeds the options of a configuration for the files that it includes.
    const config = { extends: `${quickstarts}tsconfig.json`, include: [directory] };
    writeFileSync(`${directory}/tsconfig.json`, JSON.stringify(config));
    for (const username of ['viewer', 'outsider', 'admin']) {
      const session = await createFlows(issuer).signIn({ username, resources: [BLOG_API] });
      users[username] = { authorization: `Bearer ${await session.accessToken(BLOG_API)}` };
      users[`${username}, opaque`] = { authorization: `Bearer ${await session.accessToken()}` };
    }
  });

  after(async () => {
    rmSync(directory, { recursive: true, force: true });
    await issuer?.stop();
  });

  /** What all of them do. */
  async function protects(url: string): Promise<void> {
    const refused = (reply: Reply, status: number, code: string): void => {
      assert.deepEqual([reply.status, JSON.parse(reply.body).code], [status, code]);
      assert.match(reply.headers['www-authenticate'] ?? '', /^Bearer/);
    };
    refused(await ask(`${url}/posts`), 401, 'token_missing');
    refused(await ask(`${url}/posts`, users['viewer, opaque']), 401, 'token_opaque');
    refused(await ask(`${url}/posts`, users.outsider), 403, 'scope_insufficient');
    const posts = await ask(`${url}/posts`, users.viewer);
    assert.deepEqual([posts.status, JSON.parse(posts.body)], [200, { reader: 'viewer000001', posts: [] }]);
    refused(await ask(`${url}/posts/1`, users.viewer, 'DELETE'), 403, 'scope_insufficient');
    assert.equal((await ask(`${url}/posts/1`, users.admin, 'DELETE')).status, 204);
  }

  /** Starts an adapted quickstart, lets `check` look at it, and ends it. */
  async function serving(
    name: string,
    replacements: (port: number) => Readonly<Record<string, string>>,
    start: (file: string, port: number) => [string, string[]],
    check: (url: string) => Promise<void> = protects,
  ): Promise<void> {
    const port = await freePort();
    const file = `${directory}/${name}`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, adapted(name, { [ENDPOINT]: issuer.endpoint, ...replacements(port) }));
    const env = { TSX_TSCONFIG_PATH: `${directory}/tsconfig.json`, DENO_NO_UPDATE_CHECK: '1' };
    const stop = await startServer(...start(file, port), port, env);
    try {
      await check(`http://127.0.0.1:${port}`);
    } finally {
      await stop();
    }
  }

  for (const name of ['express', 'fastify', 'koa', 'hono', 'hapi', 'nest']) {
    it(`${name}.ts`, async () => {
      const port = (port: number) => ({ 3000: String(port) });
      await serving(`${name}.ts`, port, (file) => [process.execPath, ['--import', 'tsx', file]]);
    });
  }

  it('express.ts tells where its issuer is', async () => {
    const port = (port: number) => ({ 3000: String(port) });
    const check = async (url: string): Promise<void> => {
      const { 'www-authenticate': challenge = '' } = (await ask(`${url}/posts`)).headers;
      const address = new URL(/resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '');
      const { body } = await ask(url + address.pathname);
      const metadata = JSON.parse(body) as { resource: string; authorization_servers: string[] };
      assert.equal(metadata.resource, BLOG_API);
      assert.deepEqual(metadata.authorization_servers, [`${issuer.endpoint}/oidc`]);
      const discovery = await fetch(`${metadata.authorization_servers[0]}/.well-known/openid-configuration`);
      assert.equal(((await discovery.json()) as { issuer: string }).issuer, metadata.authorization_servers[0]);
    };
    await serving('express.ts', port, (file) => [process.execPath, ['--import', 'tsx', file]], check);
  });

  it('workers.ts in workerd', async () => {
    const file = `${directory}/worker.ts`;
    writeFileSync(file, adapted('workers.ts', { [ENDPOINT]: issuer.endpoint }));
    const workerd = await startWorkerd(pathToFileURL(file), {}, compatibilityDate);
    try {
      await protects(workerd.url);
    } finally {
      await workerd.stop();
    }
  });

  it('workers.ts in deno serve', async () => {
    const flags = ['--quiet', '--allow-all', '--no-lock', '--no-remote', '--node-modules-dir=manual'];
    await serving(
      'workers.ts',
      () => ({}),
      (file, port) => [deno(), ['serve', ...flags, '--host=127.0.0.1', `--port=${port}`, file]],
    );
  });

  it('workers.ts in Bun.serve', async () => {
    await serving(
      'workers.ts',
      () => ({}),
      (file, port) => {
        const script = `${file}.bun.ts`;
        const options = `{ ...app, port: ${port}, hostname: '127.0.0.1' }`;
        writeFileSync(script, `import app from './workers.ts';\nBun.serve(${options});\n`);
        return [bun(), ['run', '--no-install', script]];
      },
    );
  });

  it('next', async () => {
    const next = await startNext(pathToFileURL(sources), 'next', {}, (copy) => {
      writeFileSync(`${copy}/verifier.ts`, adapted('next/verifier.ts', { [ENDPOINT]: issuer.endpoint }));
    });
    try {
      await protects(next.url);
    } finally {
      await next.close();
    }
  });
});

for (const name of ['docs/adapters.md', 'README.md']) {
  describe(name, () => {
    it('names the versions that the conformance suite runs on', () => {
      const [, table = ''] = readFileSync(`${root}${name}`, 'utf8').split('<!-- versions -->\n');
      const rows = Array.from(
        table.split('\n\n', 1)[0]?.matchAll(/^\| `scopegate\/(\w+)` \| ([^|]+) \| ([^|]+) \|/gm) ?? [],
      );
      assert.deepEqual(
        rows.map(([, adapter, host, versions]) => [adapter, host, versions]),
        HOSTS.map(({ adapter, name, versions }) => [adapter, name, [...new Set(versions.map(versionOf))].join(', ')]),
      );
    });
  });
}

describe('docs/adapters.md', () => {
  const page = readFileSync(`${root}docs/adapters.md`, 'utf8');
  /** The files that it shows, each under a comment that names it. */
  const shown = new Map(
    Array.from(page.matchAll(/^<!-- (\S+\.ts) -->\n```ts\n(.*?)^```$/gms), ([, name = '', code = '']) => [name, code]),
  );

  it('shows every quickstart, and nothing else', () => {
    assert.deepEqual([...shown.keys()].sort(), FILES.map((name) => `examples/quickstarts/src/${name}`).sort());
    assert.equal(page.split('```ts\n').length - 1, shown.size);
  });

  for (const name of FILES) {
    it(`shows ${name} as it is`, () => assert.equal(shown.get(`examples/quickstarts/src/${name}`), textOf(name)));
  }
});
