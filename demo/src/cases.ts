/** The table's rows: who sends which token, what has happened before, and what must come of it. */

import type { Issuer } from '@scopegate/issuer';
import {
  allowed,
  type Expectation,
  everythingAllowed,
  everywhere,
  forOrganizations,
  ORGANIZATION,
  refused,
  withRole,
} from './expectations.ts';
import { both, type Credentials, forge, OTHER_ORGANIZATION, People } from './people.ts';

/** One row. Rows run in their order, because some change the world for those that follow. */
export interface Case {
  name: string;
  /** Prepares the world and gets the tokens. */
  credentials: () => Promise<Credentials>;
  expected: Expectation;
  /** Send the requests to API processes started for this row, which have no keys yet. */
  freshHosts?: boolean;
}

/** The rows for one issuer. The last ones stop it. */
export function cases(issuer: Issuer): Case[] {
  const people = new People(issuer);
  const memberOf = async (username: string, organization?: string) =>
    both(await people.organizationApi(username, organization));
  let lastTokens: Credentials = {};

  return [
    { name: 'anonymous', credentials: async () => ({}), expected: everywhere('token_missing') },
    ...['viewer', 'editor', 'admin'].map((role) => ({
      name: role,
      credentials: async () => both(await people.api(role)),
      expected: withRole(role),
    })),
    { name: 'machine', credentials: async () => both(await people.machine()), expected: withRole('reader-machine') },
    {
      name: 'ID token',
      credentials: async () => both(await people.idToken('admin')),
      expected: everywhere('token_type_mismatch'),
    },
    {
      name: 'opaque token',
      credentials: async () => both(await people.opaque('admin')),
      expected: everywhere('token_opaque'),
    },
    {
      name: 'wrong audience',
      credentials: async () => both(await people.otherApi('editor')),
      expected: everywhere('audience_mismatch'),
    },
    {
      name: 'member of this organization',
      credentials: () => memberOf('viewer', ORGANIZATION),
      expected: forOrganizations(allowed),
    },
    {
      name: 'member of another organization',
      credentials: () => memberOf('editor', OTHER_ORGANIZATION),
      expected: forOrganizations(everywhere('organization_mismatch')),
    },
    {
      name: 'member, no organization asked for',
      credentials: () => memberOf('viewer'),
      expected: forOrganizations(() => refused('organization_missing')),
    },
    { name: 'expired', credentials: () => people.expiredAdministrator(), expected: everywhere('token_expired') },
    {
      name: 'tampered',
      credentials: async () => {
        const { posts = '', organization = '' } = await people.administrator();
        return { posts: forge(posts), organization: forge(organization) };
      },
      expected: everywhere('signature_invalid'),
    },
    {
      name: 'after key rotation',
      credentials: async () => {
        await issuer.rotateKeys();
        await people.forgetTokens();
        lastTokens = await people.administrator();
        return lastTokens;
      },
      expected: everythingAllowed,
    },
    {
      name: 'issuer down, warm keys',
      credentials: async () => {
        await issuer.stop();
        return lastTokens;
      },
      expected: everythingAllowed,
    },
    {
      name: 'issuer down, cold keys',
      credentials: async () => lastTokens,
      expected: everywhere('keys_unavailable'),
      freshHosts: true,
    },
  ];
}
