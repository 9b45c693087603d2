import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, type Reply } from '../support/http.ts';
import { AUDIENCE, ENDPOINT, jwks, START } from '../support/tenant.ts';
import { createApi, type Tenant } from './api.ts';
import { expectation, typeOfRefusals } from './deviations.ts';
import { HOSTS, versionOf } from './hosts.ts';
import { ROWS, type Row } from './requests.ts';

const tenant: Tenant = { endpoint: ENDPOINT, audience: AUDIENCE, jwks, now: START };
const api = createApi(tenant);

for (const { adapter, name, versions, start } of HOSTS) {
  describe(`scopegate/${adapter} on ${name} ${versions.map(versionOf).join(', ')}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    before(async () => {
      server = await start(api, tenant);
    });
    after(() => server?.close());

    for (const row of ROWS.filter(({ only }) => only === undefined || only === adapter)) {
      it(row.name, async () => {
        const { path, method, headers } = row;
        const reply = await ask(server.url + path, headers, method);
        check(reply, expectation(adapter, row), { method, type: typeOfRefusals(adapter) });
      });
    }
  });
}

function check(
  reply: Reply,
  expect: Row['expect'],
  { method, type }: { method: string | undefined; type: string },
): void {
  const { status, headers, body } = reply;
  const isHead = method === 'HEAD';
  if ('refused' in expect) {
    const { refused } = expect;
    assert.deepEqual(
      [status, headers['www-authenticate'] ?? null, headers['content-type'], headers['cache-control'], body],
      [refused.status, refused.challenge, type, 'no-store', isHead ? '' : refused.body],
    );
    if (status === 503) assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/);
    else assert.equal(headers['retry-after'], undefined);
    return;
  }
  assert.equal(headers['www-authenticate'], undefined);
  if ('subject' in expect) {
    assert.ok([200, 201].includes(status), `status ${status}: ${body}`);
    assert.equal(body, isHead ? '' : JSON.stringify(expect));
  } else if ('document' in expect) {
    assert.deepEqual(
      [status, headers['content-type'], headers['cache-control'], headers['access-control-allow-origin'], body],
      [200, 'application/json', 'public, max-age=3600', '*', JSON.stringify(expect.document)],
    );
  } else {
    assert.equal(status, expect.status, body);
  }
}
