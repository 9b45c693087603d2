import { bindClaims } from '../../claims.ts';
import { createGlue } from '../../glue/claims.js';
import bytes from '../../inlined/claims.js';

export * from '../../exports-claims.ts';
export const { decodeUnverified, evaluateScopes, tokenKind } = bindClaims(
  createGlue,
  () => new WebAssembly.Module(bytes),
);
