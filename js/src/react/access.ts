import type { ScopegateError } from '../errors.ts';

/**
 * Where access tokens come from: what `useLogto()` of `@logto/react` returns, as it is, or any object of this form.
 */
export interface TokenSession {
  /**
   * Gives an access token for an API resource and, if one is named, an organization. `undefined`, which is what
   * `@logto/react` makes of every failure, shows nothing.
   */
  getAccessToken(resource: string, organizationId?: string): Promise<string | undefined>;
  /** Whether somebody is signed in. Left out: yes. */
  readonly isAuthenticated?: boolean | undefined;
  /** Whether that is still being found out; looked at only while nobody is signed in. */
  readonly isLoading?: boolean | undefined;
  /** Forgets the tokens that the SDK remembers, so that `refresh` gets new ones. */
  clearAccessToken?(): Promise<unknown>;
}

interface Common {
  /** The scopes that the token in hand lists; empty unless the status is `'ready'`. For choosing what to show. */
  readonly scopes: ReadonlySet<string>;
  /** The organization that was asked for, or `null`. */
  readonly organizationId: string | null;
  /** Gets a new token, for when a role has changed. Until it is there, all stays as it is. */
  readonly refresh: () => Promise<void>;
}

/** What is known of the scopes of who looks at the page. It says what to show: the API decides what is allowed. */
export type Access = Common &
  (
    | { readonly status: 'loading' }
    | { readonly status: 'signed-out' }
    | {
        readonly status: 'ready';
        /** Whether a verifier has accepted the token. */
        readonly verified: boolean;
        /** When the token expires and the next one is asked for, in seconds since the Unix epoch. */
        readonly expiresAt: number;
      }
    | {
        readonly status: 'error';
        /** Why there is no usable token: `token_missing`, `token_opaque`, `audience_mismatch` and the like. */
        readonly error: ScopegateError;
      }
  );
