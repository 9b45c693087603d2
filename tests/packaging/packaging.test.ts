import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Judgement } from '../../js/tests/support/judge.ts';
import type { Case, VectorFile } from '../../js/tests/support/vectors.ts';
import { casesFor } from './apps/judge.ts';
import { CHECKS } from './src/checks.ts';
import { documentedRows, readme } from './src/documented.ts';
import type { Host, Limits } from './src/host.ts';
import { HOSTS } from './src/hosts/all.ts';
import { type Row, render } from './src/matrix.ts';
import { install, type Site } from './src/site.ts';

const BUILDS = ['scopegate', 'scopegate/webcrypto', 'scopegate/reference'];

describe('the packed package', { concurrency: 2 }, () => {
  let site: Site;
  const rows = new Map<Host, Row>();

  before(async () => {
    site = await install();
  });

  after(async () => {
    console.log(render(HOSTS.flatMap((host) => rows.get(host) ?? [])));
    await site?.remove();
  });

  for (const check of CHECKS) {
    it(`has nothing wrong in the eyes of ${check.name}`, async () => {
      assert.deepEqual(await check.run(site), []);
    });
  }

  it('is listed in docs/hosts.md as it is tested', () => {
    assert.deepEqual(
      documentedRows(),
      [...HOSTS, ...CHECKS].map(({ name, on }) => `| ${name} | ${on} |`),
    );
  });

  it('is listed in README.md by the versions it is tested on', () => {
    const page = readme();
    assert.deepEqual(
      HOSTS.map(({ on }) => on).filter((on) => !page.includes(on)),
      [],
    );
  });

  for (const host of HOSTS) {
    it(`gives the same codes in ${host.name}`, async () => {
      const started = Date.now();
      const row: Row = { host: host.name, on: host.on, results: {}, seconds: 0 };
      rows.set(host, row);
      const judgements = await host.judge(site);
      row.seconds = (Date.now() - started) / 1000;
      const file = JSON.parse(site.vectors) as VectorFile;
      const wrong = Object.entries(judgements).flatMap(([build, judgement]) => {
        const { right, remarks } = compare(judgement, casesFor(build, file), host.limits?.[build]);
        row.results[build] = right;
        return remarks.map((remark) => `${build}: ${remark}`);
      });
      assert.deepEqual(wrong, []);
      for (const build of BUILDS) assert.ok(judgements[build] !== undefined, `${build} was not judged`);
    });
  }
});

/** How many cases were right, and what is wrong with the others. */
function compare(
  judgement: Judgement,
  cases: readonly Case[],
  limits: Limits = {},
): { right: string; remarks: string[] } {
  const remarks: string[] = [];
  let right = 0;
  for (const { id } of cases) {
    const { [id]: outcome = `${id} did not run` } = judgement;
    const { [id]: limit } = limits;
    if (outcome === null) right++;
    if (limit === undefined) remarks.push(...(outcome === null ? [] : [outcome]));
    else if (outcome?.includes(`: refused: ${limit} `) !== true) remarks.push(`${id} is not refused: ${limit}`);
  }
  return { right: `${right}/${cases.length}`, remarks };
}
