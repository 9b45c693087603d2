import { createVerifier } from '../../entry/node.ts';
import type { KeysFailed, KeysFetched } from '../../events/types.ts';
import { type Command, UsageError } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { indented, json, line, printable, stdoutStyle } from '../terminal.ts';
import { type Finding, findings } from './checks.ts';
import { probe } from './probe.ts';

/** `scopegate doctor`; its exit code says whether there is a fault. Warnings are none. */
export async function doctor({ options }: Command): Promise<number> {
  if (options.endpoint === undefined) throw new UsageError('doctor needs --endpoint URL.');
  const endpoint = options.endpoint.replace(/\/+$/, '');
  const jwksUri = options['jwks-uri'];
  const judgeKeys = keysJudge(options.endpoint, jwksUri);
  const [verifier, discovery, keySet] = await Promise.all([
    judgeKeys(),
    probe(`${endpoint}/oidc/.well-known/openid-configuration`),
    probe(jwksUri ?? `${endpoint}/oidc/jwks`),
  ]);
  const found = findings({ endpoint, audiences: options.audience ?? [], discovery, keySet, verifier });
  if (options.json === true) json({ findings: found });
  else show(found);
  return found.some(({ status }) => status === 'fault') ? EXIT.refused : EXIT.ok;
}

/**
 * Asks a real verifier what it thinks of the key set; the audience does not matter for that.
 *
 * @throws {ScopegateError} `config_invalid`: at once, before anything is sent.
 */
function keysJudge(endpoint: string, jwksUri: string | undefined): () => Promise<KeysFetched | KeysFailed> {
  let heard: KeysFetched | KeysFailed | undefined;
  const verifier = createVerifier({
    endpoint,
    audience: 'urn:scopegate:doctor',
    ...(jwksUri === undefined ? {} : { jwksUri }),
    onEvent: (event) => {
      if (event.type === 'keys_fetched' || event.type === 'keys_failed') heard = event;
    },
  });
  return async () => {
    // What it throws is what it tells.
    await verifier.preload().catch(() => undefined);
    if (heard === undefined) throw new Error('the verifier told nothing of the key set');
    return heard;
  };
}

const MARKS = { ok: 'good', warning: 'warning', fault: 'bad' } as const;

function show(found: readonly Finding[]): void {
  const style = stdoutStyle();
  for (const { check, status, seen, fix } of found) {
    line(`${style[MARKS[status]](status.padEnd(9))}${check.padEnd(14)}${printable(seen)}`);
    if (fix !== undefined) line(indented(printable(fix), 23));
  }
}
