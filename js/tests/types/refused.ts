// What must not compile. tsc reports every line that does.
import { allOf, anyOf, createVerifier, verifyIdToken, verifySignature } from 'scopegate';
import { requireAuth } from 'scopegate/workers';

const endpoint = 'https://tenant.logto.app';
const audience = 'https://api.yourapp.com';

const resource = createVerifier({ endpoint, audience });
const organizationResource = createVerifier({ endpoint, audience, permissionModel: 'organization-resource' });
const organization = createVerifier({ endpoint, permissionModel: 'organization' });
const handler = () => new Response();
const unset: string | undefined = Math.random() < 0.5 ? 'x' : undefined;

export async function refused(jwt: string, request: Request): Promise<void> {
  // @ts-expect-error no audience
  createVerifier({ endpoint });
  // @ts-expect-error no issuer
  createVerifier({ audience });
  // @ts-expect-error two issuers
  createVerifier({ endpoint, issuer: endpoint, audience });
  // @ts-expect-error an audience that may be missing
  createVerifier({ endpoint, audience: unset });
  // @ts-expect-error an option that may be missing
  createVerifier({ endpoint, audience, jwksUri: unset });
  // @ts-expect-error an unknown option
  createVerifier({ endpoint, audience, audiences: [audience] });
  // @ts-expect-error an unknown permission model
  createVerifier({ endpoint, audience, permissionModel: 'global' });
  // @ts-expect-error no audience with organization-resource
  createVerifier({ endpoint, permissionModel: 'organization-resource' });
  // @ts-expect-error an audience with organization
  createVerifier({ endpoint, audience, permissionModel: 'organization' });

  // @ts-expect-error no organization
  await organizationResource.verify(jwt);
  // @ts-expect-error no organization
  await organizationResource.verify(jwt, {});
  // @ts-expect-error no organization
  await organizationResource.verify(jwt, { scopes: 'a' });
  // @ts-expect-error an organization that may be missing
  await organizationResource.verify(jwt, { organization: unset });
  // @ts-expect-error no organization
  organization.verifySync(jwt);
  // @ts-expect-error no organization
  await organization.authenticate(request);
  // @ts-expect-error no organization
  await organization.explain(jwt, { scopes: 'a' });
  // @ts-expect-error an organization where none belongs
  await resource.verify(jwt, { organization: 'org1' });
  // @ts-expect-error an organization where none belongs
  resource.verifySync(jwt, { scopes: 'a', organization: 'org1' });

  // @ts-expect-error scopes instead of a requirement
  await resource.verify(jwt, 'read:posts');
  // @ts-expect-error a misspelt requirement
  await resource.verify(jwt, { scope: 'read:posts' });
  // @ts-expect-error scopes that may be missing
  await resource.verify(jwt, { scopes: unset });
  // @ts-expect-error any of nothing
  anyOf();
  // @ts-expect-error all of nothing
  allOf();

  const token = await resource.verify(jwt);
  // @ts-expect-error read-only
  token.subject = 'x';
  // @ts-expect-error read-only
  token.scopes.add('x');
  // @ts-expect-error unknown until it is checked
  token.claims.name.toUpperCase();

  // @ts-expect-error no organization
  requireAuth(organization, handler);
  // @ts-expect-error no organization
  requireAuth(organization, handler, {});
  // @ts-expect-error an organization where none belongs
  requireAuth(resource, handler, { organization: 'org1' });
  // @ts-expect-error an unknown option
  requireAuth(resource, handler, { scope: 'a' });
  // @ts-expect-error the token may be missing
  requireAuth(resource, (_request, auth) => new Response(auth.subject), { optional: true });

  // @ts-expect-error no application
  await verifyIdToken(jwt, { endpoint });
  // @ts-expect-error an audience of access tokens
  await verifyIdToken(jwt, { endpoint, clientId: 'app', audience });
  // @ts-expect-error no key set
  verifySignature(jwt, {});
}
