/** verifyIdToken (OpenID Connect Core §2, §3.1.3.7), and ID tokens where an API has opted out of looking at typ. */
import { accepted, access, type Case, type Expect, id, refused } from '../lib/case.ts';
import { AUDIENCE, CLIENT, IAT, ISSUER, idClaims, idToken, token, USER } from '../lib/token.ts';

export function idTokens(): Case[] {
  const n = { requirement: { nonce: 'n-0S6_WzA2Mj' } };
  const invalid = (claim: string): Expect => refused('claim_invalid', claim);
  const audience = refused('audience_mismatch', 'aud');
  return [
    id('nonce', 'the nonce of the request', idToken({ nonce: 'n-0S6_WzA2Mj' }), accepted(), n),
    id('nonce-other', 'another nonce', idToken({ nonce: 'other' }), invalid('nonce'), n),
    id('nonce-missing', 'no nonce, though one was sent', idToken({}), refused('claim_missing', 'nonce'), n),
    id('nonce-number', 'a nonce that is no string', idToken({ nonce: 1 }), invalid('nonce'), n),
    id('nonce-unasked', 'a nonce nobody asked for', idToken({ nonce: 'x' }), accepted()),
    id('iat-missing', 'no iat', idToken({ iat: undefined }), refused('claim_missing', 'iat')),
    id('exp-missing', 'no exp', idToken({ exp: undefined }), refused('claim_missing', 'exp')),
    id('sub-missing', 'no sub', idToken({ sub: undefined }), refused('claim_missing', 'sub')),
    id('expired', 'expired', idToken({ exp: IAT }), refused('token_expired', 'exp')),
    id('aud-other', 'for another application', idToken({ aud: 'another' }), audience),
    id('aud-list', 'a list of the application alone', idToken({ aud: [CLIENT] }), accepted()),
    id(
      'aud-several',
      'several audiences and no azp',
      idToken({ aud: [CLIENT, 'another'] }),
      refused('claim_missing', 'azp'),
    ),
    id(
      'aud-several-azp',
      'several audiences, azp is the application',
      idToken({ aud: [CLIENT, 'another'], azp: CLIENT }),
      accepted(),
    ),
    id('azp-other', 'azp is another application', idToken({ azp: 'another' }), invalid('azp')),
    id('issuer', 'another issuer', idToken({ iss: 'https://other.example/oidc' }), refused('issuer_mismatch', 'iss')),
    id(
      'tampered',
      'a changed payload',
      idToken({}).replace(
        /\.([^.]*)\./,
        () => `.${Buffer.from(JSON.stringify(idClaims({ sub: 'x' }))).toString('base64url')}.`,
      ),
      refused('signature_invalid'),
    ),
    access(
      'typ-opt-out-id-token',
      'typ: null and the right audience: no client_id, so still no access token',
      idToken({ aud: AUDIENCE }),
      refused('claim_missing', 'client_id'),
      { with: { typ: null } },
    ),
    access(
      'typ-opt-out-id-token-jwt',
      'the same with typ JWT',
      idToken({ aud: AUDIENCE }, 'JWT'),
      refused('claim_missing', 'client_id'),
      { with: { typ: null } },
    ),
    access(
      'typ-opt-out-logout',
      'typ: null and a logout token',
      token({
        header: { typ: 'logout+jwt' },
        payload: { iss: ISSUER, sub: USER, aud: AUDIENCE, client_id: CLIENT, iat: IAT },
      }),
      refused('claim_missing', 'exp'),
      { with: { typ: null } },
    ),
  ];
}
