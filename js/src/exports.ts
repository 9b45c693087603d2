export * from './exports-common.ts';
export type { VerifySignature } from './signature.ts';
export type { CreateVerifier, Verifier } from './verifier.ts';
