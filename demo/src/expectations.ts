/** Who may do what: the tutorial's roles and the error table, as data. */

import { BLOG_API, TUTORIAL, tutorialTenant } from '@scopegate/issuer';

/** HTTP status of the error codes that occur here, as the error table has them. */
const STATUS = {
  token_missing: 401,
  token_opaque: 401,
  token_type_mismatch: 401,
  signature_invalid: 401,
  audience_mismatch: 401,
  token_expired: 401,
  organization_missing: 401,
  organization_mismatch: 403,
  scope_insufficient: 403,
  keys_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof STATUS;

/** What a request must be answered with. */
export interface Verdict {
  readonly status: number;
  /** Error code; absent when the request is allowed. */
  readonly code?: ErrorCode;
}

export const ORGANIZATION = TUTORIAL.organizations.acme;

/** The API's routes: the table's columns. */
export const ROUTES = [
  { title: 'GET /posts', method: 'GET', scope: 'read:posts', allowed: 200, perOrganization: false },
  { title: 'POST /posts', method: 'POST', scope: 'write:posts', allowed: 201, perOrganization: false },
  { title: 'DELETE /posts/:id', method: 'DELETE', scope: 'delete:posts', allowed: 204, perOrganization: false },
  { title: 'GET /organizations/:id/posts', method: 'GET', scope: 'read:posts', allowed: 200, perOrganization: true },
] as const;

export type Route = (typeof ROUTES)[number];

export type Expectation = (route: Route) => Verdict;

const allowed = (route: Route): Verdict => ({ status: route.allowed });

export const refused = (code: ErrorCode): Verdict => ({ status: STATUS[code], code });

/** The same refusal on every route. */
export const everywhere =
  (code: ErrorCode): Expectation =>
  () =>
    refused(code);

/** A token for the posts, with the permissions of one of the tutorial's roles. It is not one for the organizations. */
export function withRole(name: string): Expectation {
  const scopes = tutorialTenant().roles.find((role) => role.name === name)?.scopes[BLOG_API];
  if (scopes === undefined) {
    throw new Error(`the tutorial has no role ${name}`);
  }
  return (route) => {
    if (route.perOrganization) {
      return refused('audience_mismatch');
    }
    return scopes.includes(route.scope) ? allowed(route) : refused('scope_insufficient');
  };
}

/** A token for the organizations' posts, answered with `verdict` there. It is not one for the other routes. */
export const forOrganizations =
  (verdict: Expectation): Expectation =>
  (route) =>
    route.perOrganization ? verdict(route) : refused('audience_mismatch');

/** Tokens of an administrator and organization member, each sent where it belongs. */
export const everythingAllowed: Expectation = allowed;

export { allowed };
