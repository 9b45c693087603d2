// What is shown is not what is allowed, and neither is mistaken for the other.
import { type AccessToken, createVerifier } from 'scopegate';
import {
  AccessProvider,
  type AccessProviderProps,
  Can,
  ShowRoute,
  type TokenSession,
  useAccess,
  useCan,
} from 'scopegate/react';

declare function serve(token: AccessToken): void;
declare const session: TokenSession;

const resource = 'https://api.yourapp.com';
const verifier = createVerifier({ endpoint: 'https://tenant.logto.app', audience: resource });

export function Page(organizationId: string | undefined): boolean {
  AccessProvider({ session, resource, organizationId, verifier });
  AccessProvider({ session: { getAccessToken: async () => undefined }, resource });
  // @ts-expect-error no resource
  AccessProvider({ session });
  // @ts-expect-error no source of tokens
  AccessProvider({ session: {}, resource });
  // @ts-expect-error no requirement
  Can({ children: 'x' });
  // @ts-expect-error nothing for who is signed out
  ShowRoute({ fallback: null });
  const access = useAccess();
  // @ts-expect-error known only when it is ready
  access.expiresAt;
  // @ts-expect-error known only when it failed
  access.error;
  // @ts-expect-error no token that a verifier accepted
  serve(access);
  // @ts-expect-error not by itself an answer
  const answer: boolean = useCan('write:posts');
  const props: AccessProviderProps = { session, resource };
  return useCan('write:posts').show && answer && props.organizationId === organizationId;
}
