/** An issuer for the benchmark: keys, and many distinct access tokens as Logto issues them. */

import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { type Algorithm, algorithmNamed } from './algorithms.ts';
import type { Flaw, Job, PublicJwk } from './job.ts';
import type { HostName } from './records.ts';

export const ISSUER = 'https://tenant.logto.app/oidc';
export const AUDIENCE = 'https://api.yourapp.com';

/** Tokens outlive any run. */
const LIFETIME_S = 24 * 3600;

const signAsync = promisify(
  (
    hash: string | null,
    data: Uint8Array,
    key: Parameters<typeof sign>[2],
    done: (error: Error | null, signature: Buffer) => void,
  ) => sign(hash, data, key, done),
);

export interface SigningKey {
  algorithm: Algorithm;
  privateKey: KeyObject;
  jwk: PublicJwk;
}

export async function makeKey(name: string): Promise<SigningKey> {
  const algorithm = algorithmNamed(name);
  const { publicKey, privateKey } = await algorithm.generate();
  const jwk = publicKey.export({ format: 'jwk' }) as Record<string, unknown>;
  const kid = randomBytes(32).toString('base64url');
  return {
    algorithm,
    privateKey,
    jwk: { ...jwk, kty: String(jwk.kty), kid, alg: algorithm.alg, use: 'sig' },
  };
}

/** Issues one access token; `changes` replace claims. */
export async function issue(key: SigningKey, changes: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: key.algorithm.alg, typ: 'at+jwt', kid: key.jwk.kid };
  const claims = {
    jti: randomBytes(16).toString('base64url').slice(0, 21),
    sub: randomBytes(9).toString('base64url'),
    iat: now,
    exp: now + LIFETIME_S,
    scope: 'read:posts write:posts delete:posts',
    client_id: 'q3z7d0w5y8n1k2m4p6r9s',
    iss: ISSUER,
    aud: AUDIENCE,
    ...changes,
  };
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = await signAsync(key.algorithm.hash, Buffer.from(input), {
    key: key.privateKey,
    ...key.algorithm.options,
  });
  return `${input}.${signature.toString('base64url')}`;
}

/** Distinct tokens; signed two at a time, which keeps the machine's other work alive. */
export async function issueMany(key: SigningKey, count: number): Promise<string[]> {
  const tokens: string[] = [];
  while (tokens.length < count) tokens.push(...(await Promise.all([issue(key), issue(key)])));
  return tokens.slice(0, count);
}

/** Everything a host needs to measure one algorithm. */
export async function makeJob(key: SigningKey, tokens: string[], host: HostName): Promise<Job> {
  const now = Math.floor(Date.now() / 1000);
  const refused: Record<Flaw, string> = {
    signature: damaged(await issue(key)),
    expired: await issue(key, { iat: now - 7200, exp: now - 3600 }),
    audience: await issue(key, { aud: 'https://other.example' }),
    issuer: await issue(key, { iss: 'https://other.example/oidc' }),
  };
  return {
    host,
    algorithm: key.algorithm.name,
    issuer: ISSUER,
    audience: AUDIENCE,
    jwk: key.jwk,
    otherKeys: [],
    tokens,
    refused,
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The same token with one bit of the middle of its signature turned over. */
function damaged(token: string): string {
  const end = token.lastIndexOf('.') + 1;
  const signature = Buffer.from(token.slice(end), 'base64url');
  const middle = signature.length >> 1;
  signature.writeUInt8(signature.readUInt8(middle) ^ 1, middle);
  return token.slice(0, end) + signature.toString('base64url');
}
