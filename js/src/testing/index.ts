export type { TestAlgorithm, TestKey, TestKeySet } from './keys.ts';
export type { TokenDetails, TokenKind } from './kinds.ts';
export {
  createTestTenant,
  type RotationOptions,
  type TestTenant,
  type TestTenantOptions,
  type TestVerifierOptions,
} from './tenant.ts';
