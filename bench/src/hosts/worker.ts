/** Measuring in workerd, from outside. */

import type { Task } from '../agent.ts';
import type { Timings } from '../job.ts';
import type { SubjectName, TokenSubject } from '../records.ts';
import { withDirectory } from '../scratch.ts';
import { moduleOf } from '../subjects/index.ts';
import { bundleWorker } from './bundle.ts';
import { startWorkerd } from './workerd.ts';

/** The least that a request must do for its time to be told from the time of an empty one. */
const MIN_COUNT = 4;

export function measureInWorkerd({ subjects, job, plan }: Task): Promise<Timings> {
  return withDirectory(async (directory) => {
    const server = await startWorkerd(directory, await bundleWorker(directory, entry(subjects), true));
    try {
      const prepared = await ask(`${server.announced}/prepare`, JSON.stringify(job));
      const probes = (prepared as SubjectName[]).map((name) => new Probe(server.announced, name));
      for (const probe of probes) await probe.warmUp(plan.warmupMs, plan.roundMs);
      const timings: Timings = Object.fromEntries(probes.map(({ name }) => [name, []]));
      for (let round = 0; round < plan.rounds; round++) {
        for (const probe of probes) timings[probe.name]?.push(await probe.round());
      }
      return timings;
    } finally {
      await server.stop();
    }
  });
}

/** One subject of the worker. */
class Probe {
  readonly name: SubjectName;
  readonly #address: string;
  #count = MIN_COUNT;

  constructor(address: string, name: SubjectName) {
    this.#address = address;
    this.name = name;
  }

  async warmUp(warmupMs: number, roundMs: number): Promise<void> {
    for (let spent = 0; spent < warmupMs; ) {
      const ms = await this.#time('run');
      spent += ms;
      this.#count = Math.max(MIN_COUNT, Math.min(this.#count * 4, Math.round((this.#count / ms) * roundMs)));
    }
    await this.#time('decode');
  }

  /** Microseconds for one verification: what a request takes, less one that only makes the inputs ready. */
  async round(): Promise<number> {
    const decode = await this.#time('decode');
    const run = await this.#time('run');
    return ((run - decode) * 1000) / this.#count;
  }

  async #time(path: 'run' | 'decode'): Promise<number> {
    const started = performance.now();
    await ask(`${this.#address}/${path}?subject=${encodeURIComponent(this.name)}&count=${this.#count}`);
    return performance.now() - started;
  }
}

function entry(subjects: readonly TokenSubject[]): string {
  const imports = subjects.map(
    (name, i) => `import { subject as s${i} } from './subjects/${moduleOf(name).slice(2)}';`,
  );
  const list = subjects.map((_, i) => `s${i}`).join(', ');
  return `import { workerAgent } from './worker-agent.ts';\n${imports.join('\n')}\nexport default workerAgent([${list}]);`;
}

async function ask(url: string, body?: string): Promise<unknown> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body });
  if (!response.ok) throw new Error(`workerd: ${await response.text()}`);
  return response.json();
}
