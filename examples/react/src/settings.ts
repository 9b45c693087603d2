import { type LogtoConfig, UserScope } from '@logto/react';

function setting(name: string): string {
  const value: unknown = import.meta.env[name];
  if (typeof value !== 'string' || value === '') throw new Error(`${name} is not set`);
  return value;
}

/** The posts, protected by global roles. */
export const API = setting('VITE_API_RESOURCE');

/** The organizations' posts, protected by the roles in each. */
export const ORGANIZATION_API = setting('VITE_ORGANIZATION_API_RESOURCE');

export const SCOPES = ['read:posts', 'write:posts', 'delete:posts', 'admin:all'] as const;

/** The same as in the API: Logto has no wildcards. */
export const IMPLIED_SCOPES = { 'admin:all': ['read:posts', 'write:posts', 'delete:posts'] };

export const LOGTO: LogtoConfig = {
  endpoint: setting('VITE_LOGTO_ENDPOINT'),
  appId: setting('VITE_LOGTO_APP_ID'),
  // What is not asked for at sign-in is in no token later.
  resources: [API, ORGANIZATION_API],
  scopes: [...SCOPES, UserScope.Organizations],
};
