// What is read without verifying is of no use where something verified is wanted.
import { type AccessToken, createVerifier, type Report } from 'scopegate';
import { decodeUnverified, evaluateScopes, type UnverifiedToken } from 'scopegate/claims';

declare function serve(token: AccessToken): void;
declare function serveClaims(token: Pick<AccessToken, 'claims'>): void;
declare function serveScopes(token: Pick<AccessToken, 'scopes'>): void;
declare function show(token: UnverifiedToken): void;

const verifier = createVerifier({ endpoint: 'https://tenant.logto.app', audience: 'https://api.yourapp.com' });

export async function use(jwt: string, report: Report): Promise<boolean> {
  const unverified = decodeUnverified(jwt, { audience: 'https://api.yourapp.com', organization: 'acme' });
  const verified = await verifier.verify(jwt);
  show(unverified);
  serve(verified);
  // @ts-expect-error not verified
  serve(unverified);
  // @ts-expect-error not verified
  serveClaims(unverified);
  // @ts-expect-error not verified
  serveScopes(unverified);
  // @ts-expect-error no token
  await verifier.verify(unverified);
  // @ts-expect-error nothing made by hand either
  show({ ...report, kind: 'access' });
  // @ts-expect-error no audience
  decodeUnverified(jwt, { organization: 'acme' });
  // @ts-expect-error an evaluation is no boolean
  const answer: boolean = evaluateScopes('read:posts', unverified.unverifiedScopes);
  // @ts-expect-error a verified token's scopes are no evaluation
  show(verified.scopes);
  return answer;
}
