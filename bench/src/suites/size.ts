/** What a bundler ships for the same job: verifying access tokens with an issuer's key set. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleWorker } from '../hosts/bundle.ts';
import type { SubjectName } from '../records.ts';
import { withDirectory } from '../scratch.ts';
import type { Context } from './context.ts';

const scopegate = (entry: string) => `
import { createVerifier } from '${entry}';
const verifier = createVerifier({ endpoint: 'https://tenant.logto.app', audience: 'https://api.yourapp.com' });
export default (token: string) => verifier.verify(token);
`;

const jose = `
import { createRemoteJWKSet, jwtVerify } from 'jose';
const keys = createRemoteJWKSet(new URL('https://tenant.logto.app/oidc/jwks'));
const options = { issuer: 'https://tenant.logto.app/oidc', audience: 'https://api.yourapp.com' };
export default (token: string) => jwtVerify(token, keys, options);
`;

const awsJwtVerify = `
import { JwtVerifier } from 'aws-jwt-verify';
const verifier = JwtVerifier.create({
  issuer: 'https://tenant.logto.app/oidc',
  audience: 'https://api.yourapp.com',
  jwksUri: 'https://tenant.logto.app/oidc/jwks',
});
export default (token: string) => verifier.verify(token);
`;

const PROGRAMS = {
  scopegate: scopegate('scopegate'),
  'scopegate/webcrypto': scopegate('scopegate/webcrypto'),
  'scopegate/reference': scopegate('scopegate/reference'),
  jose,
  'aws-jwt-verify': awsJwtVerify,
} satisfies Partial<Record<SubjectName, string>>;

export async function size(context: Context): Promise<void> {
  if (!context.hosts.includes('workerd')) return;
  for (const subject of context.wanted(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])) {
    context.say(subject);
    const files = await withDirectory(async (directory) => {
      const names = await bundleWorker(directory, PROGRAMS[subject], false);
      return Promise.all(names.map((name) => readFile(join(directory, name))));
    });
    const total = (sizes: number[]) => sizes.reduce((sum, bytes) => sum + bytes, 0);
    context.record({
      suite: 'size',
      host: 'workerd',
      algorithm: null,
      subject,
      bytes: total(files.map((file) => gzipSync(file, { level: 9 }).length)),
      raw_bytes: total(files.map((file) => file.length)),
      rounds: 1,
    });
  }
}
