import { bindClaims } from '../../claims.ts';
import { createGlue } from '../../glue/claims.js';
import { module } from './node-module.ts';

export * from '../../exports-claims.ts';
export const { decodeUnverified, evaluateScopes, tokenKind } = bindClaims(createGlue, () => module);
