// The builds that differ in their engine: WebCrypto answers later only, so what waits for nothing is not there.
import * as reference from 'scopegate/reference';
import { anyOf, createVerifier, type Verifier, type VerifySignature, verifySignature } from 'scopegate/webcrypto';
import { requireAuth } from 'scopegate/workers';

const endpoint = 'https://tenant.logto.app';
const audience = 'https://api.yourapp.com';

const verifier: Verifier = createVerifier({ endpoint, audience, tokenCache: { maxEntries: 100 } });
const organization = createVerifier({ endpoint, permissionModel: 'organization', tokenCache: false });
const check: VerifySignature = verifySignature;

export async function calls(jwt: string): Promise<string> {
  const { subject } = await verifier.verify(jwt, { scopes: anyOf('a', 'b') });
  const { header } = await check(jwt, { keys: [] });
  await organization.verify(jwt, { organization: 'org1' });
  // @ts-expect-error no organization
  await organization.verify(jwt);
  // @ts-expect-error there is none
  verifier.verifySync(jwt);
  // @ts-expect-error a promise
  verifySignature(jwt, { keys: [] }).header;
  // @ts-expect-error no tokens to remember
  createVerifier({ endpoint, audience, tokenCache: true });
  return subject + String(header.alg) + reference.createVerifier({ endpoint, audience }).verifySync(jwt).subject;
}

export const guarded = requireAuth(verifier, (_request, auth) => new Response(auth.subject), { scopes: 'read:posts' });
