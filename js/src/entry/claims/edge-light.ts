import module from '../../../wasm/claims_bg.wasm?module';
import { bindClaims } from '../../claims.ts';
import { createGlue } from '../../glue/claims.js';

export * from '../../exports-claims.ts';
export const { decodeUnverified, evaluateScopes, tokenKind } = bindClaims(createGlue, () => module);
