/** `--check`: every case on every host, one table, and a verdict. */

import type { Issuer } from '@scopegate/issuer';
import { type Case, cases } from './cases.ts';
import { HOSTS, type Host } from './hosts.ts';
import type { RunningServer } from './processes.ts';
import { askAll, passed } from './requests.ts';
import { type Row, renderTable } from './table.ts';

/** Runs the table against the started hosts and prints it. Resolves to whether every cell is right. */
export async function check(issuer: Issuer, servers: Map<Host, RunningServer>): Promise<boolean> {
  const rows: Row[] = [];
  for (const subject of cases(issuer)) {
    rows.push(...(await runCase(subject, issuer, servers)));
  }
  console.log(renderTable(rows));
  const cells = rows.flatMap((row) => row.cells);
  const right = cells.filter(passed).length;
  console.log(`\n${right} passed, ${cells.length - right} failed, 0 skipped`);
  return right === cells.length;
}

async function runCase(
  { name, credentials, expected, freshHosts }: Case,
  issuer: Issuer,
  servers: Map<Host, RunningServer>,
): Promise<Row[]> {
  const tokens = await credentials();
  return Promise.all(
    HOSTS.map(async (host) => {
      const server = freshHosts === true ? await host.start(issuer) : servers.get(host);
      if (server === undefined) {
        throw new Error(`${host.name} is not running`);
      }
      const cells = await askAll(server.url, tokens, expected);
      if (freshHosts === true) {
        await server.stop();
      }
      return { case: name, host: host.name, cells };
    }),
  );
}
