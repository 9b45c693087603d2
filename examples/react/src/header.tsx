import { useLogto } from '@logto/react';
import { useAccess } from 'scopegate/react';

interface Props {
  organizations: readonly string[];
  organizationId: string | undefined;
  choose: (organizationId: string | undefined) => void;
}

export function Header({ organizations, organizationId, choose }: Props) {
  const { isAuthenticated, signOut } = useLogto();
  const { status, refresh } = useAccess();
  return (
    <header>
      <p className="brand">
        <span aria-hidden="true">❡</span> The blog
      </p>
      {isAuthenticated && (
        <div className="tools">
          <label>
            <span>Organization</span>
            <select value={organizationId ?? ''} onChange={({ target }) => choose(target.value || undefined)}>
              <option value="">none: global roles</option>
              {organizations.map((id) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </select>
          </label>
          <button type="button" onClick={refresh} disabled={status === 'loading'}>
            Refresh permissions
          </button>
          <button type="button" onClick={() => signOut(location.origin)}>
            Sign out
          </button>
        </div>
      )}
    </header>
  );
}
