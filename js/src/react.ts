'use client';

export type { Access, TokenSession } from './react/access.ts';
export {
  AccessProvider,
  type AccessProviderProps,
  Can,
  type CanProps,
  type Hidden,
  ShowRoute,
  type ShowRouteProps,
  useAccess,
  useCan,
  type Visibility,
} from './react/components.ts';
export type { BrowserVerifier } from './react/token-access.ts';
export { type AllOf, type AnyOf, allOf, anyOf, type ScopeRequirement } from './requirement.ts';
