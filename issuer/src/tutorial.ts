/** The tenant of Logto's authorization tutorial: a blog API with viewer, editor and admin, and two organizations. */

import type { TenantData } from './tenant.ts';

/** The tutorial's API resource, protected by global roles. */
export const BLOG_API = 'https://api.yourapp.com';

/**
 * The same API's organization routes. They have a resource of their own because a token for a resource without an
 * organization carries the union of a user's permissions in all organizations.
 */
export const BLOG_ORGANIZATION_API = 'https://api.yourapp.com/org';

/** A resource that is registered but that the blog API does not serve: for tokens with the wrong audience. */
export const OTHER_API = 'https://billing.yourapp.com';

/** All permissions of the tutorial's blog API. */
export const BLOG_SCOPES = ['read:posts', 'write:posts', 'delete:posts', 'admin:all'] as const;

/** Ids of the tutorial's users, organizations and applications, for use in tests and demonstrations. */
export const TUTORIAL = {
  users: { viewer: 'viewer000001', editor: 'editor000001', admin: 'admin0000001', outsider: 'outsider0001' },
  organizations: { acme: 'acme00000001', globex: 'globex000001' },
  applications: {
    web: 'blogspa00000000000001',
    machine: 'machine00000000000001',
    /** A machine with no role at all. */
    idleMachine: 'machine00000000000002',
  },
  machineSecret: 'machine-secret-for-loopback-only',
  /** Registered for the web application; nothing needs to listen there when the flow is driven by `flows.ts`. */
  redirectUri: 'http://127.0.0.1/callback',
} as const;

/** A fresh copy of the tutorial's tenant; change it at will. */
export function tutorialTenant(): TenantData {
  const { users, organizations, applications } = TUTORIAL;
  const viewer = ['read:posts'];
  const editor = ['read:posts', 'write:posts'];
  const admin = [...BLOG_SCOPES];
  return {
    resources: [
      { indicator: BLOG_API, scopes: [...BLOG_SCOPES] },
      { indicator: BLOG_ORGANIZATION_API, scopes: [...BLOG_SCOPES] },
      { indicator: OTHER_API, scopes: ['read:invoices'] },
    ],
    roles: [
      { name: 'viewer', scopes: { [BLOG_API]: viewer } },
      { name: 'editor', scopes: { [BLOG_API]: editor } },
      { name: 'admin', scopes: { [BLOG_API]: admin } },
      { name: 'reader-machine', scopes: { [BLOG_API]: viewer } },
      { name: 'accountant', scopes: { [OTHER_API]: ['read:invoices'] } },
    ],
    organizationScopes: ['invite:member', 'read:member'],
    organizationRoles: [
      { name: 'member', organizationScopes: ['read:member'], resourceScopes: { [BLOG_ORGANIZATION_API]: viewer } },
      {
        name: 'admin',
        organizationScopes: ['read:member', 'invite:member'],
        resourceScopes: { [BLOG_ORGANIZATION_API]: admin },
      },
      { name: 'machine', organizationScopes: ['read:member'], resourceScopes: { [BLOG_ORGANIZATION_API]: viewer } },
    ],
    organizations: [
      {
        id: organizations.acme,
        name: 'Acme',
        members: { [users.viewer]: ['member'], [users.admin]: ['admin'] },
        applications: { [applications.machine]: ['machine'] },
      },
      { id: organizations.globex, name: 'Globex', members: { [users.editor]: ['admin'], [users.admin]: ['member'] } },
    ],
    users: [
      { id: users.viewer, username: 'viewer', name: 'Vera Viewer', email: 'viewer@example.com', roles: ['viewer'] },
      {
        id: users.editor,
        username: 'editor',
        name: 'Eddie Editor',
        email: 'editor@example.com',
        roles: ['editor', 'accountant'],
      },
      { id: users.admin, username: 'admin', name: 'Ada Admin', email: 'admin@example.com', roles: ['admin'] },
      { id: users.outsider, username: 'outsider', name: 'Otto Outsider', email: 'outsider@example.com' },
    ],
    applications: [
      { id: applications.web, name: 'Blog', type: 'SPA', redirectUris: [TUTORIAL.redirectUri] },
      {
        id: applications.machine,
        name: 'Feed reader',
        type: 'MachineToMachine',
        secret: TUTORIAL.machineSecret,
        roles: ['reader-machine'],
      },
      { id: applications.idleMachine, name: 'Idle', type: 'MachineToMachine', secret: TUTORIAL.machineSecret },
    ],
  };
}
