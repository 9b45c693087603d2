import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BLOG_API, createIssuer, type Issuer } from '@scopegate/issuer';
import { createFlows } from '@scopegate/issuer/flows';
import { ask, type Reply } from './support/http.ts';
import { freePort, startServer } from './support/processes.ts';
import { codeAfter, tableAfter } from './support/readme.ts';
import type { VectorFile } from './support/vectors.ts';
import { compatibilityDate, startWorkerd, type Workerd } from './support/workerd.ts';

const root = new URL('../../', import.meta.url);

describe('the README', () => {
  let issuer: Issuer;
  /** Below the checkout, so that the packages are found, and out of everybody's sight. */
  let directory: string;

  before(async () => {
    issuer = await createIssuer({ rsaModulusLength: 2048 });
    mkdirSync(new URL('target/', root), { recursive: true });
    directory = mkdtempSync(fileURLToPath(new URL('target/readme-', root)));
  });

  after(async () => {
    rmSync(directory, { recursive: true, force: true });
    await issuer.stop();
  });

  /** The header that a user's requests have; without a resource with the opaque token. */
  const bearer = async (username: string, ...resource: [string?]): Promise<Record<string, string>> => {
    const session = await createFlows(issuer).signIn({ username, resources: [BLOG_API] });
    return { authorization: `Bearer ${await session.accessToken(...resource)}` };
  };

  it('protects an Express application', async () => {
    const port = await freePort();
    const code = codeAfter('quickstart: express', {
      'https://tenant.logto.app': issuer.endpoint,
      'app.listen(3000)': `app.listen(${port}, '127.0.0.1')`,
    });
    const file = `${directory}/express.ts`;
    writeFileSync(file, code);
    const stop = await startServer(process.execPath, ['--import', 'tsx', file], port);
    const url = `http://127.0.0.1:${port}`;
    try {
      const viewer = await bearer('viewer', BLOG_API);
      const anonymous = await ask(`${url}/posts`);
      expectRefusal(anonymous, 401, 'token_missing', 'Bearer');
      expectRefusal(await ask(`${url}/posts`, await bearer('viewer')), 401, 'token_opaque');
      const posts = await ask(`${url}/posts`, viewer);
      assert.deepEqual([posts.status, JSON.parse(posts.body)], [200, { reader: 'viewer000001', posts: [] }]);
      expectRefusal(await ask(`${url}/posts`, await bearer('outsider', BLOG_API)), 403, 'scope_insufficient');
      const forbidden = await ask(`${url}/posts/1`, viewer, 'DELETE');
      assert.deepEqual([forbidden.status, forbidden.headers['www-authenticate'], forbidden.body], shownRefusal());
      assert.equal((await ask(`${url}/posts/1`, await bearer('admin', BLOG_API), 'DELETE')).status, 204);
    } finally {
      await stop();
    }
  });

  it('protects a Worker', async () => {
    const file = `${directory}/worker.ts`;
    writeFileSync(file, codeAfter('quickstart: workers', { 'https://tenant.logto.app': issuer.endpoint }));
    const workerd: Workerd = await startWorkerd(pathToFileURL(file), {}, compatibilityDate);
    try {
      expectRefusal(await ask(workerd.url), 401, 'token_missing');
      const posts = await ask(workerd.url, await bearer('viewer', BLOG_API));
      assert.deepEqual([posts.status, JSON.parse(posts.body)], [200, { reader: 'viewer000001', posts: [] }]);
      expectRefusal(await ask(workerd.url, await bearer('outsider', BLOG_API)), 403, 'scope_insufficient');
    } finally {
      await workerd.stop();
    }
  });

  it('lists the errors as the core has them', () => {
    const vectors = new URL('tests/vectors/vectors.json', root);
    const { codes } = JSON.parse(readFileSync(vectors, 'utf8')) as VectorFile;
    const listed = tableAfter('error table: checked against the core').map(([code = '', status, oauthError]) => {
      return [code, { status: status === '' ? null : Number(status), oauthError: oauthError || null }];
    });
    assert.deepEqual(Object.fromEntries(listed), codes);
    assert.equal(listed.length, Object.keys(codes).length);
  });
});

/** Status, challenge and body of the refusal that the README shows. */
function shownRefusal(): [number, string | undefined, string | undefined] {
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  const shown = /```http\nHTTP\/1\.1 (\d+) .*\nWWW-Authenticate: (.*)\n\n(.*)\n```/.exec(readme);
  return [Number(shown?.[1]), shown?.[2], shown?.[3]];
}

function expectRefusal(reply: Reply, status: number, code: string, challenge?: string): void {
  assert.deepEqual([reply.status, JSON.parse(reply.body).code], [status, code]);
  assert.match(reply.headers['www-authenticate'] ?? '', /^Bearer/);
  if (challenge !== undefined) assert.equal(reply.headers['www-authenticate'], challenge);
}
