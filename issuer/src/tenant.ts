/**
 * The tenant's data: API resources, roles, users, organizations and applications, and who may hold which scope.
 *
 * This is Logto's RBAC model without its database. Every lookup reads the live data, so a change made between two
 * token requests shows in the second token, as it does in Logto.
 */

/** An API resource: the audience of the access tokens issued for it. */
export interface ApiResource {
  /** The resource indicator (RFC 8707); becomes `aud` byte for byte. */
  indicator: string;
  /** Names of the permissions that exist for this resource. */
  scopes: string[];
  /** Lifetime of its access tokens in seconds; 3600 when absent. Zero and negative values are honoured, as in Logto. */
  accessTokenTtl?: number;
  /** The resource of machine-to-machine requests that name none. At most one. */
  isDefault?: boolean;
}

/** Scopes by resource indicator. */
export type ResourceScopes = Record<string, string[]>;

/** A global role: a bundle of API permissions. Users and machine-to-machine applications may hold it. */
export interface Role {
  name: string;
  scopes: ResourceScopes;
}

/** A role of the organization template: organization permissions and API permissions that hold inside one organization. */
export interface OrganizationRole {
  name: string;
  organizationScopes?: string[];
  resourceScopes?: ResourceScopes;
}

/** An organization with its members and associated applications, each with its organization roles. */
export interface Organization {
  id: string;
  name: string;
  /** Organization role names by user id. */
  members?: Record<string, string[]>;
  /** Organization role names by application id (machine-to-machine). */
  applications?: Record<string, string[]>;
}

export interface User {
  /** Becomes `sub`. */
  id: string;
  /** What the user types into the sign-in form. */
  username: string;
  name?: string;
  email?: string;
  picture?: string;
  /** Names of global roles. */
  roles?: string[];
}

export interface Application {
  /** Becomes `client_id`. */
  id: string;
  name?: string;
  type: 'SPA' | 'Native' | 'Traditional' | 'MachineToMachine';
  /** Needed by `Traditional` and `MachineToMachine`. */
  secret?: string;
  redirectUris?: string[];
  postLogoutRedirectUris?: string[];
  /** Origins that may call the token endpoint from a browser, besides those of the redirect URIs. */
  corsAllowedOrigins?: string[];
  /** Names of global roles (machine-to-machine only). */
  roles?: string[];
}

/** Everything a tenant consists of. */
export interface TenantData {
  resources: ApiResource[];
  roles: Role[];
  /** Names of the permissions of the organization template. */
  organizationScopes: string[];
  organizationRoles: OrganizationRole[];
  organizations: Organization[];
  users: User[];
  applications: Application[];
}

/** Lifetime of an access token when the resource sets none, in seconds. */
export const DEFAULT_ACCESS_TOKEN_TTL = 3600;

const ORGANIZATION_URN = 'urn:logto:organization:';

/** The audience of the organization token of one organization. */
export const organizationUrn = (organizationId: string): string => `${ORGANIZATION_URN}${organizationId}`;

/** Live view of a tenant. The arrays of `data` may be changed at any time. */
export class Tenant {
  readonly data: TenantData;

  constructor(data: TenantData) {
    this.data = data;
  }

  resource(indicator: string): ApiResource | undefined {
    return this.data.resources.find((resource) => resource.indicator === indicator);
  }

  defaultResource(): ApiResource | undefined {
    return this.data.resources.find((resource) => resource.isDefault === true);
  }

  user(id: string): User | undefined {
    return this.data.users.find((user) => user.id === id);
  }

  userByName(username: string): User | undefined {
    return this.data.users.find((user) => user.username === username);
  }

  application(id: string): Application | undefined {
    return this.data.applications.find((application) => application.id === id);
  }

  organization(id: string): Organization | undefined {
    return this.data.organizations.find((organization) => organization.id === id);
  }

  /** The organizations a user is a member of. */
  organizationsOf(userId: string): Organization[] {
    return this.data.organizations.filter((organization) => organization.members?.[userId] !== undefined);
  }

  /**
   * A user's permissions for an API resource: those of the global roles, always, and those of organization roles: in
   * `organizationId`, or, when no organization is asked for, in **every** organization of the user. The union is what
   * Logto does; it is why an API with organization permissions must check `organization_id`.
   */
  userScopes(userId: string, indicator: string, organizationId?: string): Set<string> {
    const organizations = this.organizationsOf(userId).filter(
      (organization) => organizationId === undefined || organization.id === organizationId,
    );
    const roles = organizations.flatMap((organization) => organization.members?.[userId] ?? []);
    return this.#existing(indicator, [
      ...this.#globalScopes(this.user(userId)?.roles, indicator),
      ...this.#organizationResourceScopes(roles, indicator),
    ]);
  }

  /** An application's permissions for an API resource; with an organization, those of its organization roles alone. */
  applicationScopes(applicationId: string, indicator: string, organizationId?: string): Set<string> {
    const granted =
      organizationId === undefined
        ? this.#globalScopes(this.application(applicationId)?.roles, indicator)
        : this.#organizationResourceScopes(
            this.organization(organizationId)?.applications?.[applicationId] ?? [],
            indicator,
          );
    return this.#existing(indicator, granted);
  }

  /** A user's organization permissions: in one organization, or the union over all of them. */
  userOrganizationScopes(userId: string, organizationId?: string): Set<string> {
    const roles = this.organizationsOf(userId)
      .filter((organization) => organizationId === undefined || organization.id === organizationId)
      .flatMap((organization) => organization.members?.[userId] ?? []);
    return this.#organizationScopes(roles);
  }

  /** An application's organization permissions in one organization. */
  applicationOrganizationScopes(applicationId: string, organizationId: string): Set<string> {
    return this.#organizationScopes(this.organization(organizationId)?.applications?.[applicationId] ?? []);
  }

  #globalScopes(roleNames: string[] | undefined, indicator: string): string[] {
    return this.data.roles
      .filter((role) => roleNames?.includes(role.name))
      .flatMap((role) => role.scopes[indicator] ?? []);
  }

  #organizationResourceScopes(roleNames: string[], indicator: string): string[] {
    return this.data.organizationRoles
      .filter((role) => roleNames.includes(role.name))
      .flatMap((role) => role.resourceScopes?.[indicator] ?? []);
  }

  #organizationScopes(roleNames: string[]): Set<string> {
    const granted = this.data.organizationRoles
      .filter((role) => roleNames.includes(role.name))
      .flatMap((role) => role.organizationScopes ?? []);
    return new Set(granted.filter((scope) => this.data.organizationScopes.includes(scope)));
  }

  #existing(indicator: string, scopes: string[]): Set<string> {
    const known = this.resource(indicator)?.scopes ?? [];
    return new Set(scopes.filter((scope) => known.includes(scope)));
  }
}
