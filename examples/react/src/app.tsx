import { useHandleSignInCallback, useLogto } from '@logto/react';
import { useEffect, useState } from 'react';
import { AccessProvider, ShowRoute } from 'scopegate/react';
import { Blog } from './blog.tsx';
import { Header } from './header.tsx';
import { Permissions } from './permissions.tsx';
import { API, IMPLIED_SCOPES, ORGANIZATION_API } from './settings.ts';

export function App() {
  const [callback, setCallback] = useState(location.pathname === '/callback');
  if (!callback) return <Page />;
  return (
    <Callback
      done={() => {
        history.replaceState(null, '', '/');
        setCallback(false);
      }}
    />
  );
}

/** Where Logto sends the browser back to. */
function Callback({ done }: { done: () => void }) {
  const { error } = useHandleSignInCallback(done);
  return <main className="narrow">{error === undefined ? <Loading /> : <p role="alert">{error.message}</p>}</main>;
}

function Page() {
  const logto = useLogto();
  const [organizationId, setOrganizationId] = useState<string>();
  const organizations = useOrganizations(logto.isAuthenticated, logto.getIdTokenClaims);
  return (
    <AccessProvider
      session={logto}
      resource={organizationId === undefined ? API : ORGANIZATION_API}
      organizationId={organizationId}
      impliedScopes={IMPLIED_SCOPES}
    >
      <Header organizations={organizations} organizationId={organizationId} choose={setOrganizationId} />
      <main>
        <ShowRoute signedOut={<Welcome />} loading={<Loading />} fallback={({ error }) => <Blocked error={error} />}>
          <Blog key={organizationId ?? ''} organizationId={organizationId} />
        </ShowRoute>
        <Permissions />
      </main>
    </AccessProvider>
  );
}

/** The organizations that the ID token lists. */
function useOrganizations(signedIn: boolean, getIdTokenClaims: ReturnType<typeof useLogto>['getIdTokenClaims']) {
  const [organizations, setOrganizations] = useState<readonly string[]>([]);
  useEffect(() => {
    let current = true;
    if (signedIn) {
      getIdTokenClaims().then((claims) => {
        if (current) setOrganizations(claims?.organizations ?? []);
      });
    }
    return () => {
      current = false;
    };
  }, [signedIn, getIdTokenClaims]);
  return organizations;
}

function Welcome() {
  const { signIn } = useLogto();
  return (
    <section className="card welcome">
      <h1>The blog</h1>
      <p>Viewers read, editors write, admins delete. Sign in to see what your role shows you.</p>
      <button type="button" className="primary" onClick={() => signIn(`${location.origin}/callback`)}>
        Sign in
      </button>
    </section>
  );
}

function Blocked({ error }: { error: { code: string; hint: string } | null }) {
  return (
    <section className="card" role="alert">
      <h1>There is no usable token</h1>
      <p>
        <code>{error?.code}</code> {error?.hint}
      </p>
    </section>
  );
}

const Loading = () => (
  <p className="loading" role="status">
    Loading…
  </p>
);
