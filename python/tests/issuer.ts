/**
 * A Logto-like issuer for tests in another language: reads one command as JSON from each line of its input, and writes
 * one answer for each. It ends with its input.
 */

import { createInterface } from 'node:readline';
import { createIssuer } from '@scopegate/issuer';
import { createFlows } from '@scopegate/issuer/flows';

interface Command {
  readonly do: keyof typeof COMMANDS;
  readonly username: string;
  readonly resource?: string;
  readonly organization?: string;
  readonly kind?: 'access' | 'id' | 'organization';
  readonly algorithm?: 'ES384' | 'RS256';
  readonly seconds: number;
}

const issuer = await createIssuer({ rsaModulusLength: 2048 });
const flows = createFlows(issuer);

const COMMANDS = {
  token: async ({ username, resource, organization, kind = 'access' }: Command) => {
    const session = await flows.signIn({ username, resources: resource === undefined ? [] : [resource] });
    if (kind === 'id') return session.idToken();
    return kind === 'organization'
      ? session.organizationToken(organization ?? '')
      : session.accessToken(resource, organization);
  },
  machine: ({ resource = '' }: Command) => flows.machineToken({ resource, scopes: ['read:posts'] }),
  rotate: ({ algorithm = 'ES384' }: Command) => issuer.rotateKeys({ algorithm }),
  lifetime: async ({ resource = '', seconds }: Command) => issuer.setAccessTokenTtl(resource, seconds),
  stop: () => issuer.stop(),
  start: () => issuer.start(),
  fetches: async () => issuer.requests.jwksFetches,
  jwks: async () => issuer.jwks(),
};

process.stdout.write(`${JSON.stringify({ endpoint: issuer.endpoint })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as Command;
  try {
    const answer = await COMMANDS[command.do](command);
    process.stdout.write(`${JSON.stringify({ answer: answer ?? null })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
}
await issuer.stop();
process.exit();
