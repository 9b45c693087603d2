/** Whether the WebAssembly memory stays as it is under a long load: `memory-agent.ts TASK-FILE`. */

import { readFileSync } from 'node:fs';
import type { PublicJwk } from './job.ts';
import { observeMemory } from './wasm-memory.ts';

export interface MemoryTask {
  issuer: string;
  audience: string;
  jwk: PublicJwk;
  /** More than the token cache holds: going round them, each is verified in full. */
  firstSeen: string[];
  /** Few: verified from the cache. */
  repeated: string[];
  verifications: number;
  /** Each has the token that its key signed. */
  rotatingKeys: { jwk: PublicJwk; token: string }[];
  rotations: number;
}

/** Bytes of the WebAssembly memory. */
export interface MemoryFindings {
  /** After a tenth of the load, which is not counted. */
  before: number;
  after: number;
}

/** One token in so many is verified in full. */
const FULL_EVERY = 50;

/** Verifications and rotations take turns. */
const PARTS = 10;

/** A fresh key set in each rotation: the old one is out of date, and unusable. */
const KEY_REFRESH = { ttl: 1, staleFor: 0, cooldown: 1 };
const ROTATION_MS = 2000;

const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as MemoryTask;
const memory = observeMemory();
const { createVerifier } = await import('scopegate');

const { issuer, audience } = task;
const algorithms = [task.jwk.alg];
const steady = createVerifier({ issuer, audience, algorithms, jwks: { keys: [task.jwk] } });
let fullTurn = 0;
let cachedTurn = 0;

function verify(count: number): void {
  for (let i = 0; i < count; i++) {
    const token =
      i % FULL_EVERY === 0
        ? task.firstSeen[fullTurn++ % task.firstSeen.length]
        : task.repeated[cachedTurn++ % task.repeated.length];
    steady.verifySync(token as string);
  }
}

let rotation = 0;
const started = Date.now();
const ring = task.rotatingKeys;
const rotating = createVerifier({
  issuer,
  audience,
  algorithms,
  keyRefresh: KEY_REFRESH,
  clock: () => started + rotation * ROTATION_MS,
  // The new key, and the one before it, as Logto serves them.
  fetch: async () =>
    Response.json({ keys: [ring[rotation % ring.length], ring[(rotation + 1) % ring.length]].map((key) => key?.jwk) }),
});

async function rotate(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    rotation += 1;
    await rotating.verify(ring[rotation % ring.length]?.token as string);
  }
}

async function part(): Promise<void> {
  verify(task.verifications / PARTS);
  await rotate(task.rotations / PARTS);
}

// One part first: all caches are full, and free memory lies as it will.
await part();
const before = memory();
for (let i = 0; i < PARTS; i++) await part();
const findings: MemoryFindings = { before, after: memory() };
process.stdout.write(JSON.stringify(findings));
