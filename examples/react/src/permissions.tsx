import { useAccess, useCan } from 'scopegate/react';
import { SCOPES } from './settings.ts';

/** What the page knows of the user's scopes. */
export function Permissions() {
  const access = useAccess();
  if (access.status !== 'ready') return null;
  const until = new Date(access.expiresAt * 1000).toLocaleTimeString();
  return (
    <section className="card" aria-labelledby="permissions">
      <h2 id="permissions">Your permissions</h2>
      <ul className="scopes">
        {SCOPES.map((scope) => (
          <Scope key={scope} scope={scope} />
        ))}
      </ul>
      <p className="note">
        From an access token {access.organizationId === null ? 'without organization' : `for ${access.organizationId}`},
        good until {until}. They decide what this page shows; the API decides what is allowed.
      </p>
    </section>
  );
}

function Scope({ scope }: { scope: string }) {
  const { show } = useCan(scope);
  const direct = useAccess().scopes.has(scope);
  return (
    <li className={show ? 'has' : 'lacks'}>
      <span aria-hidden="true">{show ? '✓' : '–'}</span> {scope}
      {!direct && show && ' (implied)'}
      {!show && <span className="hidden"> is missing</span>}
    </li>
  );
}
