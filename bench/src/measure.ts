/** Interleaved rounds over prepared subjects; runs unchanged in every runtime. */

import type { Job, Plan, Timings } from './job.ts';
import type { SubjectName } from './records.ts';
import type { Check, Subject } from './subjects/subject.ts';

/** Inputs that are made ready before the clock starts. Few enough to stay in the processor's caches. */
const BATCH = 256;

/** The least number of operations a figure may rest on in one round. */
const MIN_COUNT = 4;

/** A subject that proved itself, with its place in the pool of tokens. */
export class Runner {
  readonly name: SubjectName;
  readonly #check: Check<unknown>;
  readonly #pool: readonly Uint8Array[];
  #next = 0;
  /** Operations in one round. */
  count = MIN_COUNT;

  private constructor(name: SubjectName, check: Check<unknown>, pool: readonly Uint8Array[]) {
    this.name = name;
    this.#check = check;
    this.#pool = pool;
  }

  /**
   * Sets the subject up and makes it prove that it accepts and refuses what it should.
   *
   * @throws when it does not.
   */
  static async prepare(subject: Subject, job: Job): Promise<Runner> {
    const check = await subject.create(job);
    const encoder = new TextEncoder();
    const runner = new Runner(
      subject.name,
      check,
      job.tokens.map((token) => encoder.encode(token)),
    );
    await prove(subject, check, job);
    return runner;
  }

  /** Makes the next `count` inputs ready and does nothing with them: the part of `run` that is not verification. */
  decode(count: number): void {
    const place = this.#next;
    for (let done = 0; done < count; done += BATCH) this.#inputs(Math.min(BATCH, count - done));
    // Tokens that were only decoded are not to be passed over: the rest might then fit into a cache.
    this.#next = place;
  }

  /** Verifies `count` tokens, one after another. @returns milliseconds, without the time to make the inputs ready */
  async run(count: number): Promise<number> {
    let total = 0;
    for (let done = 0; done < count; done += BATCH) {
      const inputs = this.#inputs(Math.min(BATCH, count - done));
      total += this.#check.async ? await timeAsync(this.#check, inputs) : timeSync(this.#check, inputs);
    }
    return total;
  }

  /** Runs until the code is hot, and finds out how many operations fill a round. */
  async warmUp(plan: Plan): Promise<void> {
    let spent = 0;
    let done = 0;
    while (spent < plan.warmupMs) {
      const count = spent < plan.warmupMs / 4 ? MIN_COUNT : Math.max(MIN_COUNT, Math.floor(done / 2));
      const ms = await this.run(count);
      this.count = Math.max(MIN_COUNT, Math.round((count / ms) * plan.roundMs));
      spent += ms;
      done += count;
    }
  }

  #inputs(count: number): unknown[] {
    const inputs: unknown[] = [];
    for (let i = 0; i < count; i++) {
      const bytes = this.#pool[this.#next] as Uint8Array;
      this.#next = (this.#next + 1) % this.#pool.length;
      inputs.push(this.#check.input(bytes));
    }
    return inputs;
  }
}

/** A B C A B C …: whatever disturbs the machine disturbs all of them. */
export async function interleave(subjects: readonly Subject[], job: Job, plan: Plan): Promise<Timings> {
  const runners: Runner[] = [];
  for (const subject of subjects) runners.push(await Runner.prepare(subject, job));
  for (const runner of runners) await runner.warmUp(plan);
  const timings: Timings = {};
  for (let round = 0; round < plan.rounds; round++) {
    for (const runner of runners) {
      const ms = await runner.run(runner.count);
      const list = timings[runner.name] ?? [];
      list.push((ms * 1000) / runner.count);
      timings[runner.name] = list;
    }
  }
  return timings;
}

function timeSync(check: Check<unknown>, inputs: readonly unknown[]): number {
  const started = performance.now();
  for (const input of inputs) check.run(input);
  return performance.now() - started;
}

async function timeAsync(check: Check<unknown>, inputs: readonly unknown[]): Promise<number> {
  const started = performance.now();
  for (const input of inputs) await check.run(input);
  return performance.now() - started;
}

async function prove(subject: Subject, check: Check<unknown>, job: Job): Promise<void> {
  const encoder = new TextEncoder();
  const accepts = async (token: string) => {
    await check.run(check.input(encoder.encode(token)));
  };
  await accepts(job.tokens[0] ?? '');
  for (const [flaw, token] of Object.entries(job.refused)) {
    if (subject.signatureOnly && flaw !== 'signature') continue;
    const outcome = await accepts(token).then(
      () => 'accepted',
      () => 'refused',
    );
    if (outcome === 'accepted') throw new Error(`${subject.name} accepts a token with a bad ${flaw}`);
  }
}
