/**
 * An OIDC issuer on loopback whose tokens, keys and endpoints are shaped as Logto's.
 *
 * ```ts
 * const issuer = await createIssuer();
 * const flows = createFlows(issuer);
 * const session = await flows.signIn({ username: 'editor', resources: [BLOG_API], scopes: BLOG_SCOPES });
 * const token = await session.accessToken(BLOG_API);
 * await issuer.stop();
 * ```
 */

export type { CustomClaims, CustomClaimsInput } from './claims.ts';
export { createIssuer, Issuer, type IssuerOptions, type RotationOptions } from './issuer.ts';
export type { SigningAlgorithm } from './keys.ts';
export type { LoggedRequest, RequestLog } from './request-log.ts';
export {
  type ApiResource,
  type Application,
  type Organization,
  type OrganizationRole,
  organizationUrn,
  type ResourceScopes,
  type Role,
  Tenant,
  type TenantData,
  type User,
} from './tenant.ts';
export { BLOG_API, BLOG_ORGANIZATION_API, BLOG_SCOPES, OTHER_API, TUTORIAL, tutorialTenant } from './tutorial.ts';
