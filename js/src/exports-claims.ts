export type {
  DecodeUnverified,
  EvaluateOptions,
  EvaluateScopes,
  ExpectedToken,
  ScopeEvaluation,
  TokenKind,
  TokenKindOf,
  UnverifiedToken,
} from './claims.ts';
export { type ErrorCode, type ErrorFields, type OAuthError, ScopegateError } from './errors.ts';
export { type AllOf, type AnyOf, allOf, anyOf, type ScopeRequirement } from './requirement.ts';
export type { Claims } from './token.ts';
