export { type ErrorCode, type ErrorFields, type OAuthError, ScopegateError } from './errors.ts';
export type { EventListener } from './events/observer.ts';
export type {
  CacheHit,
  KeyStoreFailed,
  KeysEvent,
  KeysFailed,
  KeysFetched,
  KeysRotated,
  KeysStale,
  RejectedKey,
  TokenAccepted,
  TokenEvent,
  TokenRefused,
  VerifierEvent,
} from './events/types.ts';
export type { FetchRequestLike, NodeRequestLike, RequestLike } from './http/bearer.ts';
export type { ChallengeOptions } from './http/challenge.ts';
export {
  protectedResourceMetadata,
  protectedResourceMetadataUrl,
  type ResourceMetadata,
  type ResourceMetadataOptions,
} from './http/metadata.ts';
export type { IdTokenOptions, VerifyIdToken } from './id-token.ts';
export type { FetchLike } from './jwks.ts';
export type { KeyStore, StoredKeySet } from './key-store/types.ts';
export type { CallContext } from './loader.ts';
export type {
  CommonOptions,
  IssuerOptions,
  KeyOptions,
  KeyRefresh,
  OptionsOf,
  OrganizationOptions,
  OrganizationResourceOptions,
  ResourceOptions,
  TokenCacheOptions,
  VerifierOptions,
} from './options.ts';
export type { Report, ReportStep, StepName } from './report.ts';
export {
  type AllOf,
  type AnyOf,
  allOf,
  anyOf,
  type OrganizationRequirement,
  type PermissionModel,
  type RequirementOf,
  type ResourceRequirement,
  type ScopeRequirement,
} from './requirement.ts';
export type { VerifiedSignature } from './signature.ts';
export type { AccessToken, Actor, Claims, IdToken } from './token.ts';
export type { AsyncVerifier, RequirementArguments } from './verifier.ts';
