import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { BLOG_API, BLOG_ORGANIZATION_API, createIssuer, type Issuer, TUTORIAL } from '@scopegate/issuer';
import { createFlows, type Session } from '@scopegate/issuer/flows';
import { createTestTenant } from 'scopegate/testing';
import { type Finished, PACKAGE, PROGRAM, type RunOptions, run, scopegate } from './support/cli.ts';
import { documentAt } from './support/docs.ts';
import { listen } from './support/http.ts';
import { type Scratch, scratch } from './support/scratch.ts';

const { acme, globex } = TUTORIAL.organizations;
const { codeAfter, tableAfter } = documentAt('docs/cli.md');

/** Makes Node believe that its output is a terminal. */
const TERMINAL = { NODE_OPTIONS: '--import=data:text/javascript,process.stdout.isTTY=true' };

describe('the command line', () => {
  let issuer: Issuer;
  let session: Session;
  let files: Scratch;
  /** The user's token for the API. */
  let token: string;
  const secrets = new Set<string>();
  const codes = new Set<number>();

  before(async () => {
    issuer = await createIssuer();
    files = scratch('cli');
    const resources = [BLOG_API, BLOG_ORGANIZATION_API];
    session = await createFlows(issuer).signIn({ username: 'admin', resources });
    token = await session.accessToken(BLOG_API);
    secrets.add(token);
  });

  after(async () => {
    files?.remove();
    await issuer?.stop();
  });

  /** Runs it, and sees to it that no token is printed, nor what makes one of its claims. */
  const cli = async (args: readonly string[], options?: RunOptions): Promise<Finished> => {
    if (options?.input !== undefined) secrets.add(options.input.trim());
    const finished = await scopegate(args, options);
    for (const secret of secrets) {
      for (const part of [secret, secret.split('.').at(-1) ?? secret]) {
        if (part.length > 16) assert.ok(!(finished.stdout + finished.stderr).includes(part), 'the token was printed');
      }
    }
    codes.add(finished.code ?? -1);
    return finished;
  };
  const tenant = (...more: string[]): string[] => ['--endpoint', issuer.endpoint, '--audience', BLOG_API, ...more];

  describe('verify', () => {
    it('takes the token from standard input, a file or the command line', async () => {
      writeFileSync(`${files.path}/token`, `Bearer ${token}\n`);
      const ways: [string[], RunOptions?][] = [
        [[], { input: `${token}\n` }],
        [['--file', `${files.path}/token`]],
        [[token]],
      ];
      for (const [args, options] of ways) {
        const { code, stdout, stderr } = await cli(['verify', ...tenant(...args)], options);
        assert.deepEqual([code, stderr], [0, '']);
        assert.match(stdout, /^accepted\n {2}subject +admin0000001\n/);
      }
    });

    it('prints JSON', async () => {
      const accepted = await cli(['verify', ...tenant('--json')], { input: token });
      const { verdict, token: summary } = JSON.parse(accepted.stdout);
      assert.deepEqual(
        [accepted.code, verdict, summary.subject, summary.clientId, summary.isMachine, summary.organizationId],
        [0, 'accepted', TUTORIAL.users.admin, TUTORIAL.applications.web, false, null],
      );
      assert.ok(summary.scopes.includes('delete:posts'));
      const refused = await cli(['verify', ...tenant('--json', '--scope', 'fly')], { input: token });
      const { error } = JSON.parse(refused.stdout);
      assert.deepEqual(
        [refused.code, error.code, error.status, error.missing],
        [3, 'scope_insufficient', 403, ['fly']],
      );
    });

    it('chooses the permission model by what is given', async () => {
      const organization = await session.organizationToken(acme);
      const forResource = await session.accessToken(BLOG_ORGANIZATION_API, acme);
      const endpoint = ['--endpoint', issuer.endpoint];
      const resource = [...endpoint, '--audience', BLOG_ORGANIZATION_API, '--organization'];
      for (const [input, code, args] of [
        [organization, 0, [...endpoint, '--organization', acme]],
        [organization, 3, [...endpoint, '--organization', globex]],
        [forResource, 0, [...resource, acme]],
        [forResource, 3, [...resource, globex]],
        [forResource, 1, [...endpoint, '--audience', BLOG_ORGANIZATION_API]],
      ] as const) {
        const finished = await cli(['verify', ...args], { input });
        assert.equal(finished.code, code, finished.stdout + finished.stderr);
      }
    });

    it('knows each kind of refusal, and gives its hint', async () => {
      const other = await createTestTenant();
      const jwks = `${files.path}/jwks.json`;
      writeFileSync(jwks, JSON.stringify(other.jwks));
      const own = ['--issuer', other.issuer, '--jwks', jwks, '--audience', other.audience];
      const table: [string, number, string, string[], RegExp][] = [
        [await session.accessToken(), 1, 'token_opaque', tenant(), /API resource/],
        [await session.idToken(), 1, 'token_type_mismatch', tenant(), /ID token/],
        [await other.token('personal'), 1, 'token_personal', own, /[Ee]xchange/],
        [await other.token('expired'), 1, 'token_expired', own, /fresh token/],
        [await other.token('wrong-issuer'), 1, 'issuer_mismatch', own, /custom domain/],
        [await other.token('forged'), 1, 'signature_invalid', own, /./],
        [token, 1, 'audience_mismatch', [...tenant().slice(0, 3), `${BLOG_API}/`], /trailing slash/],
        [token, 1, 'algorithm_not_allowed', tenant('--algorithm', 'RS256'), /ES384/],
        [token, 1, 'client_not_allowed', tenant('--client-id', 'other'), /clientIds/],
        ['x'.repeat(2 * 1024 * 1024), 1, 'token_too_large', tenant(), /maxTokenLength/],
      ];
      for (const [input, code, name, args, hint] of table) {
        const finished = await cli(['verify', ...args], { input });
        assert.equal(finished.code, code, name + finished.stderr);
        assert.match(finished.stdout, new RegExp(`^refused: ${name} \\(HTTP 401\\)\n`));
        assert.match(finished.stdout.replace(/\s+/g, ' '), hint);
      }
    });

    it('says why keys cannot be loaded', async () => {
      const { code, stdout } = await cli(['verify', ...tenant('--jwks-uri', `${issuer.endpoint}/nowhere`)], {
        input: token,
      });
      assert.equal(code, 4);
      assert.match(stdout, /^refused: keys_unavailable \(HTTP 503\)\n {2}cause +\S+ answered with status 404\n/);
    });

    it('says what the system says of it', async () => {
      const gone = await listen(() => undefined);
      await gone.close();
      for (const command of ['verify', 'explain']) {
        const args = [command, '--endpoint', gone.url, '--audience', BLOG_API];
        assert.match((await cli(args, { input: token })).stdout, /^ {2}cause +fetch failed \(ECONNREFUSED\)$/m);
        const { reason, error } = JSON.parse((await cli([...args, '--json'], { input: token })).stdout);
        assert.equal(reason ?? error.reason, 'fetch failed (ECONNREFUSED)');
      }
    });

    it('takes a token that begins with "-" after "--"', async () => {
      const dashed = `-${'x'.repeat(42)}`;
      const { code, stdout } = await cli(['verify', ...tenant(), '--', dashed]);
      assert.equal(code, 1);
      assert.match(stdout, /^refused: token_opaque/);
      const wrong = await cli(['verify', ...tenant(), dashed]);
      assert.match(wrong.stderr, /a token that begins with "-" goes last, after --/);
    });

    it('keeps what steers a terminal out of its output', async () => {
      const evil = await createTestTenant();
      writeFileSync(`${files.path}/evil.json`, JSON.stringify(evil.jwks));
      const input = await evil.token('resource', { subject: 'a\u001b[31mb\u202ec' });
      const args = ['--issuer', evil.issuer, '--jwks', `${files.path}/evil.json`, '--audience', evil.audience];
      for (const command of ['verify', 'explain']) {
        const { code, stdout } = await cli([command, ...args], { input });
        assert.equal(code, 0);
        assert.ok(!stdout.includes('\u001b') && !stdout.includes('\u202e'));
        assert.match(stdout, /a\ufffd\[31mb\ufffdc/);
      }
      const subject = 'a\u009b31mb\u202ec\u{e0001}d\ne';
      const other = { input: await evil.token('resource', { subject }) };
      for (const command of [['verify'], ['explain', '--claims']]) {
        const { stdout } = await cli([...command, '--json', ...args], other);
        assert.ok(!/[\p{Cc}\p{Cf}]/u.test(stdout.replaceAll('\n', '')));
        const { token, unverifiedClaims } = JSON.parse(stdout);
        assert.equal(token?.subject ?? unverifiedClaims.sub, subject);
      }
    });
  });

  describe('explain', () => {
    it('prints a table of all steps', async () => {
      const { code, stdout } = await cli(['explain', ...tenant('--scope', 'fly')], { input: token });
      const rows = stdout.split('\n').filter((row) => /^(pass|fail|not reached)/.test(row));
      assert.equal(code, 3);
      assert.equal(rows.length, 18);
      assert.match(stdout, /^pass +audience +https:\/\/api\.yourapp\.com$/m);
      assert.match(stdout, /^fail +scope +scope: .*\n +expected: fly\n +hint: Grant the permission/m);
      assert.match(stdout, /\nrefused: scope_insufficient \(HTTP 403\)\n$/);
      assert.equal((await cli(['explain', ...tenant()], { input: token })).code, 0);
    });

    it('prints JSON, with the claims only when they are asked for', async () => {
      const plain = JSON.parse(
        (await cli(['explain', ...tenant('--json', '--scope', 'fly')], { input: token })).stdout,
      );
      assert.deepEqual([plain.verdict, plain.code, plain.status], ['refused', 'scope_insufficient', 403]);
      assert.equal(plain.steps.length, 18);
      assert.ok(!('unverifiedClaims' in plain));
      const more = JSON.parse((await cli(['explain', ...tenant('--json', '--claims')], { input: token })).stdout);
      assert.equal(more.unverifiedClaims.sub, TUTORIAL.users.admin);
      const text = await cli(['explain', ...tenant('--claims')], { input: token });
      assert.match(text.stdout, /"sub":"admin0000001"/);
    });

    it('tells of an outage as verify does', async () => {
      const args = ['explain', ...tenant('--jwks-uri', `${issuer.endpoint}/nowhere`)];
      const { code, stdout } = await cli(args, { input: token });
      assert.equal(code, 4);
      assert.match(stdout, /refused: keys_unavailable \(HTTP 503\)\n {2}cause +\S+ answered with status 404\n$/);
      const json = JSON.parse((await cli([...args, '--json'], { input: token })).stdout);
      assert.match(json.reason, /answered with status 404$/);
    });
  });

  describe('colour', () => {
    it('is for terminals, and not if NO_COLOR is set', async () => {
      for (const [env, coloured] of [
        [{}, false],
        [TERMINAL, true],
        [{ ...TERMINAL, NO_COLOR: '' }, true],
        [{ ...TERMINAL, NO_COLOR: '1' }, false],
      ] as const) {
        for (const command of ['verify', 'explain']) {
          const { stdout } = await cli([command, ...tenant()], { input: token, env });
          assert.equal(stdout.includes('\u001b['), coloured, JSON.stringify(env));
        }
      }
    });
  });

  describe('wrong usage', () => {
    const cases: [string, (jwt: string) => string[], RegExp][] = [
      ['another command', (jwt) => [jwt], /verify, explain or doctor/],
      ['an unknown option', (jwt) => ['verify', `--tokn=${jwt}`], /no such option/],
      ['a flag with a value', (jwt) => ['verify', `--json=${jwt}`], /an option lacks its value/],
      ['an option without its value', () => ['verify', '--endpoint'], /an option lacks its value/],
      ['a token for an algorithm', (jwt) => ['verify', ...tenant('--algorithm', jwt)], /"\S{20}…" is not supported/],
      ['two tokens', (jwt) => ['verify', ...tenant(), jwt, jwt], /more than one token/],
      ['a token and a file', (jwt) => ['verify', ...tenant('--file', 'x'), jwt], /exclude each other/],
      ['no token', () => ['verify', ...tenant()], /no token/],
      ['no such file', () => ['verify', ...tenant('--file', '/nonexistent')], /ENOENT/],
      ['a directory', () => ['verify', ...tenant('--file', '/')], /EISDIR/],
      ['no such key set', () => ['verify', ...tenant('--jwks', '/nonexistent')], /ENOENT/],
      ['no issuer', (jwt) => ['verify', '--audience', BLOG_API, jwt], /config_invalid.*endpoint/],
      ['no audience', (jwt) => ['verify', '--endpoint', issuer.endpoint, jwt], /config_invalid.*audience/],
      [
        'an endpoint over http',
        (jwt) => ['verify', '--endpoint', 'http://a.example', '--audience', 'a:b', jwt],
        /https/,
      ],
      ['a scope that is none', (jwt) => ['verify', ...tenant('--scope', ''), jwt], /config_invalid/],
      ['doctor with a token', (jwt) => ['doctor', jwt], /options only/],
      ['doctor without an endpoint', () => ['doctor'], /--endpoint/],
      ['doctor for /oidc', () => ['doctor', '--endpoint', `${issuer.endpoint}/oidc`], /leave out \/oidc/],
    ];
    for (const [what, args, message] of cases) {
      it(`is ${what}`, async () => {
        const { code, stdout, stderr } = await cli(args(token));
        assert.deepEqual([code, stdout], [2, '']);
        assert.match(stderr, /^scopegate: /);
        assert.match(stderr, message);
      });
    }
  });

  it('is quiet when nobody reads on', async () => {
    const script = '"$NODE" "$PROGRAM" --help | true; exec "$NODE" "$PROGRAM" explain "$@" | head -c 1';
    for (let round = 0; round < 3; round++) {
      const args = ['-c', script, 'sh', ...tenant('--claims'), token];
      const { code, stderr } = await run('sh', args, { env: { NODE: process.execPath, PROGRAM } });
      assert.deepEqual([code, stderr], [0, '']);
    }
  });

  it('helps', async () => {
    const help = await cli(['--help']);
    assert.equal(help.code, 0);
    for (const name of ['verify', 'explain', 'doctor', '--endpoint', '--audience', '--json', 'NO_COLOR'])
      assert.ok(help.stdout.includes(name), name);
    assert.equal((await cli(['verify', '--help'])).stdout, help.stdout);
    const nothing = await cli([]);
    assert.deepEqual([nothing.code, nothing.stdout], [2, help.stdout]);
    assert.match((await cli(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it('is there once the package is installed', async () => {
    const npm = (...args: string[]): Promise<Finished> => run('npm', [...args, '--offline', '--no-audit', '--no-fund']);
    const packed = await npm('pack', PACKAGE, '--pack-destination', files.path, '--json');
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    const installed = await npm('install', '--prefix', files.path, `${files.path}/${filename}`);
    assert.equal(installed.code, 0, installed.stderr);
    const { code, stdout } = await run(`${files.path}/node_modules/.bin/scopegate`, ['--version']);
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  describe('docs/cli.md', () => {
    const shown = (name: string): Promise<Finished> => {
      const script = codeAfter(name, {
        'npx scopegate': '"$NODE" "$PROGRAM"',
        'https://tenant.logto.app': issuer.endpoint,
      });
      return run('sh', ['-c', script], { env: { TOKEN: token, NODE: process.execPath, PROGRAM } });
    };

    it('shows commands that work', async () => {
      assert.deepEqual(
        [(await shown('verify')).code, (await shown('explain')).code, (await shown('doctor')).code],
        [0, 1, 0],
      );
    });

    it('lists the exit codes', async () => {
      const listed = tableAfter('exit codes').map(([code]) => Number(code));
      // A defect is the one that no test can cause.
      assert.deepEqual([...codes].sort(), listed.filter((code) => code !== 70).sort());
    });
  });
});
