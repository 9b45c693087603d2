export * from './exports-common.ts';
export type { VerifySignatureAsync as VerifySignature } from './signature.ts';
export type { AsyncVerifier as Verifier, CreateAsyncVerifier as CreateVerifier } from './verifier.ts';
