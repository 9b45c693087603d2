import {
  createContext,
  createElement,
  type FunctionComponentElement,
  type ProviderProps,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { evaluateScopes } from 'scopegate/claims';
import { ScopegateError } from '../errors.ts';
import { type ScopeRequirement, scopesText } from '../requirement.ts';
import type { Access, TokenSession } from './access.ts';
import { AccessStore } from './store.ts';
import { type BrowserVerifier, keyOf } from './token-access.ts';

type ImpliedScopes = Readonly<Record<string, readonly string[]>>;

interface Provided {
  readonly access: Access;
  readonly impliedScopes: ImpliedScopes;
}

const AccessContext = createContext<Provided | undefined>(undefined);

const NO_SCOPES: ReadonlySet<string> = Object.freeze(new Set<string>());

/** Props of {@link AccessProvider}. */
export interface AccessProviderProps {
  /** What `useLogto()` returns, or any other source of access tokens. */
  readonly session: TokenSession;
  /** The API resource indicator, exactly as in Logto. It has to be listed under `resources` in Logto's configuration. */
  readonly resource: string;
  /** The organization that the page is about, if it is about one. */
  readonly organizationId?: string | undefined;
  /** Scopes that a scope brings with it: the same as in the API's verifier, or the page shows something else. */
  readonly impliedScopes?: ImpliedScopes;
  /** Verifies tokens before anything is shown by them. Without it they are only read. */
  readonly verifier?: BrowserVerifier;
  readonly children?: ReactNode;
}

/**
 * Gets the access token for an API resource, and tells everything inside what to show by it.
 *
 * Asks again when the resource, the organization or the sign-in changes, and when the token expires; never because
 * `session` is another object. To show another user's access without a sign-out in between, give the provider a `key`.
 */
export function AccessProvider(
  props: AccessProviderProps,
): FunctionComponentElement<ProviderProps<Provided | undefined>> {
  const access = useProvidedAccess(props);
  const implied = JSON.stringify(props.impliedScopes ?? {});
  const value = useMemo(() => ({ access, impliedScopes: JSON.parse(implied) as ImpliedScopes }), [access, implied]);
  return createElement(AccessContext.Provider, { value }, props.children);
}

function useProvidedAccess({ session, resource, organizationId, verifier }: AccessProviderProps): Access {
  const [store] = useState(() => new AccessStore());
  const phase = phaseOf(session);
  useEffect(() => store.equip(session, verifier));
  useEffect(
    () => (phase === 'signed-in' ? store.start({ resource, organizationId }) : store.reset()),
    [store, phase, resource, organizationId],
  );
  const known = useSyncExternalStore(store.subscribe, store.getSnapshot, store.getServerSnapshot);
  return useMemo(() => {
    const common = { scopes: NO_SCOPES, organizationId: organizationId ?? null, refresh: store.refresh };
    if (phase !== 'signed-in') return { ...common, status: phase };
    // What is known of another target is nothing of this one.
    if (known?.key !== keyOf({ resource, organizationId })) return { ...common, status: 'loading' };
    const { granted } = known;
    return granted instanceof ScopegateError
      ? { ...common, status: 'error', error: granted }
      : { ...common, status: 'ready', ...granted };
  }, [known, phase, resource, organizationId, store]);
}

/** While somebody is signed in, `isLoading` of `@logto/react` only says that it does something: every call does. */
function phaseOf({ isAuthenticated = true, isLoading = false }: TokenSession): 'signed-in' | 'signed-out' | 'loading' {
  if (isAuthenticated) return 'signed-in';
  return isLoading ? 'loading' : 'signed-out';
}

function useProvided(): Provided {
  const provided = useContext(AccessContext);
  if (provided === undefined) throw new Error('This needs an <AccessProvider> around it.');
  return provided;
}

/** What is known of the scopes of who looks at the page. */
export function useAccess(): Access {
  return useProvided().access;
}

/** Whether to show something. */
export interface Visibility {
  /** Whether the scopes that are known meet the requirement. `false` whenever they are not known. */
  readonly show: boolean;
  readonly status: Access['status'];
  /** The scopes that lack, once they are known. */
  readonly missing: readonly string[];
}

/**
 * Whether to show what needs these scopes. It protects nothing: the API does.
 *
 * @throws {ScopegateError} `config_invalid` for a requirement that no verifier takes.
 */
export function useCan(requirement: ScopeRequirement): Visibility {
  const { access, impliedScopes } = useProvided();
  const { status, scopes } = access;
  const required = scopesText(requirement);
  return useMemo(() => {
    // In any status, so that a senseless requirement is found where it stands.
    const { met, missing } = evaluated(JSON.parse(required) as ScopeRequirement, scopes, impliedScopes);
    return { show: status === 'ready' && met, status, missing: status === 'ready' ? missing : [] };
  }, [status, scopes, required, impliedScopes]);
}

/** Where WebAssembly cannot run nothing is shown, and the page goes on: `useAccess` has the error. */
function evaluated(...[requirement, scopes, impliedScopes]: [ScopeRequirement, ReadonlySet<string>, ImpliedScopes]) {
  try {
    return evaluateScopes(requirement, scopes, { impliedScopes });
  } catch (error) {
    if (error instanceof ScopegateError && error.code === 'internal') return { met: false, missing: [] };
    throw error;
  }
}

/** Props of {@link Can}. */
export interface CanProps {
  /** The scopes that what is inside needs. */
  readonly scopes: ScopeRequirement;
  /** Shown instead to who lacks them, is signed out, or whose scopes cannot be known. */
  readonly fallback?: ReactNode;
  /** Shown until the scopes are known. */
  readonly loading?: ReactNode;
  readonly children?: ReactNode;
}

/** Shows what is inside to who has the scopes. It protects nothing: the API does. */
export function Can({ scopes, fallback = null, loading = null, children }: CanProps): ReactNode {
  const { show, status } = useCan(scopes);
  if (show) return children ?? null;
  return status === 'loading' ? loading : fallback;
}

/** Why a route is not shown. */
export interface Hidden {
  /** The scopes that lack; empty when they are not what is wrong. */
  readonly missing: readonly string[];
  /** Why the scopes cannot be known, or `null` when they are. */
  readonly error: ScopegateError | null;
}

/** Props of {@link ShowRoute}. */
export interface ShowRouteProps {
  /** The scopes that the route needs. Left out: none but a usable token. */
  readonly scopes?: ScopeRequirement;
  /** Shown to who is signed out: your router's redirect, or a button to sign in. */
  readonly signedOut: ReactNode;
  /** Shown to who is signed in but lacks the scopes, or whose scopes cannot be known. */
  readonly fallback: ReactNode | ((hidden: Hidden) => ReactNode);
  /** Shown until the scopes are known. */
  readonly loading?: ReactNode;
  readonly children?: ReactNode;
}

/** Shows a route, in any router, to who has the scopes. It protects nothing: the API that the route calls does. */
export function ShowRoute({ scopes, signedOut, fallback, loading = null, children }: ShowRouteProps): ReactNode {
  const access = useAccess();
  const { show, missing } = useCan(scopes ?? ANY);
  const shown = scopes === undefined ? access.status === 'ready' : show;
  if (shown) return children ?? null;
  if (access.status === 'loading') return loading;
  if (access.status === 'signed-out') return signedOut;
  const error = access.status === 'error' ? access.error : null;
  return typeof fallback === 'function' ? fallback({ missing, error }) : fallback;
}

/** Stands in for no requirement, which hooks have no way to leave out. */
const ANY = 'any';
