import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createVerifier, type Verifier } from 'scopegate';
import { documentAt } from './support/docs.ts';
import { listen, type TestServer } from './support/http.ts';
import { refusal } from './support/refusal.ts';
import { scratch } from './support/scratch.ts';
import { AUDIENCE, accessToken, Clock, ENDPOINT, KeyServer } from './support/tenant.ts';

const { codeAfter, tableAfter } = documentAt('docs/observability.md');

describe('docs/observability.md', () => {
  const files = scratch('observability');
  let issuer: TestServer;

  before(async () => {
    issuer = await listen((_request, response) => void response.writeHead(500).end());
  });

  after(async () => {
    await issuer?.close();
    files.remove();
  });

  it('shows a listener', async () => {
    const code = codeAfter('onEvent', { [ENDPOINT]: issuer.url });
    const { lines, verifier } = (await import(files.write('listener.ts', code).href)) as {
      lines: string[];
      verifier: Verifier;
    };
    await refusal('token_opaque', () => verifier.verify('x'.repeat(43)));
    await refusal('keys_unavailable', async () => verifier.verify(await accessToken()));
    const [opaque, outage, unavailable] = lines;
    assert.match(opaque ?? '', /^refused: token_opaque: .*API resource/);
    assert.equal(outage, `${issuer.url}/oidc/jwks: Error: ${issuer.url}/oidc/jwks answered with status 500`);
    assert.match(unavailable ?? '', /^refused: keys_unavailable: /);
    assert.equal(lines.length, 3);
  });

  it('shows OpenTelemetry metrics and spans', async () => {
    const spans = new InMemorySpanExporter();
    const points = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: points, exportIntervalMillis: 3_600_000 });
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
    const meterProvider = new MeterProvider({ readers: [reader] });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(tracerProvider);
    metrics.setGlobalMeterProvider(meterProvider);
    await import(files.write('opentelemetry.ts', codeAfter('opentelemetry')).href);

    const server = new KeyServer();
    const options = { endpoint: ENDPOINT, audience: AUDIENCE, clock: new Clock().now };
    const verifier = createVerifier({ ...options, fetch: server.fetch });
    const down = createVerifier({ ...options, fetch: () => Promise.reject(new TypeError('fetch failed')) });
    const jwt = await accessToken();
    const request = (action: () => Promise<unknown>): Promise<void> =>
      trace.getTracer('server').startActiveSpan('GET /posts', async (span) => {
        await action();
        span.end();
      });
    await request(() => verifier.verify(jwt));
    await request(() => verifier.verify(jwt));
    await request(() => refusal('scope_insufficient', () => verifier.verify(jwt, { scopes: 'admin:all' })));
    await request(() => refusal('keys_unavailable', () => down.verify(jwt)));
    await request(async () => {
      const token = await verifier.verify(jwt);
      await refusal('scope_insufficient', () => verifier.requireScopes(token, 'admin:all'));
    });
    await request(() =>
      refusal('request_invalid', () => verifier.authenticate({ headers: { authorization: 'Bearer' } })),
    );

    await meterProvider.forceFlush();
    const measured = points
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.find(({ scope }) => scope.name === 'scopegate')?.metrics;
    const counts = (name: string): unknown =>
      measured
        ?.find(({ descriptor }) => descriptor.name === name)
        ?.dataPoints.map(({ attributes, value }) => [
          Object.values(attributes)[0],
          typeof value === 'number' ? value : value.count,
        ]);
    const verdicts = [
      ['accepted', 3],
      ['scope_insufficient', 2],
      ['keys_unavailable', 1],
      ['request_invalid', 1],
    ];
    assert.deepEqual(counts('scopegate.verdicts'), verdicts);
    assert.deepEqual(counts('scopegate.duration'), verdicts);
    assert.deepEqual(counts('scopegate.keys'), [
      ['keys_fetched', 1],
      ['keys_failed', 1],
    ]);

    const finished = spans.getFinishedSpans();
    const requests = finished.filter(({ name }) => name === 'GET /posts');
    assert.deepEqual(
      requests.map(({ attributes }) => attributes['scopegate.verdict']),
      ['accepted', 'accepted', 'scope_insufficient', 'keys_unavailable', 'scope_insufficient', 'request_invalid'],
    );
    const loads = finished.filter(({ name }) => name === 'scopegate.keys');
    assert.deepEqual(
      loads.map(({ parentSpanContext, status }) => [parentSpanContext?.spanId, status.code]),
      [
        [requests[0]?.spanContext().spanId, 0],
        [requests[3]?.spanContext().spanId, 2],
      ],
    );
    await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()]);
  });

  it('lists the events with what they carry', async () => {
    const rows = tableAfter('events');
    assert.ok(rows.length >= 8);
    const types = files.write('types.ts', carried(rows));
    const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    const { status, stdout } = spawnSync(tsc, [...options, fileURLToPath(types)], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });
});

/** A program that compiles only if each event of the table is there, on its channel, and carries what it says. */
function carried(rows: readonly string[][]): string {
  const names = (cell = ''): string[] => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name);
  const lines = rows.map(([type = '', channel = '', carries]) => {
    const union = channel.includes(':token') ? 'TokenEvent' : 'KeysEvent';
    const members = ['type', ...names(carries).filter((name) => name !== 'issuer' && name !== 'store')];
    if (union === 'KeysEvent') members.push('jwksUri');
    const found = `Extract<${union}, { type: '${names(type)[0]}' }>`;
    return `same<keyof ${found}, ${members.map((name) => `'${name}'`).join(' | ')}>(true);`;
  });
  return `import type { KeysEvent, TokenEvent, VerifierEvent } from 'scopegate';
declare function same<A, B>(equal: [A] extends [B] ? ([B] extends [A] ? true : false) : false): void;
${lines.join('\n')}
same<VerifierEvent['type'], ${rows.map(([type]) => `'${names(type)[0]}'`).join(' | ')}>(true);
`;
}
