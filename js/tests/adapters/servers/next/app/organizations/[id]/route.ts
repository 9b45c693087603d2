import { requireAuth } from 'scopegate/next';
import { organizations, subject } from '../../../api.ts';

type Params = { id: string };

const handler = requireAuth<'organization-resource', Params>(
  organizations,
  (_request, auth) => Response.json(subject(auth)),
  { organization: async ({ params }) => (await params).id },
);

export { handler as GET };
