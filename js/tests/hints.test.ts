import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createVerifier, type ErrorCode, type VerifierOptions } from 'scopegate';
import { createTestTenant, type TokenDetails, type TokenKind } from 'scopegate/testing';
import { refusal } from './support/refusal.ts';

const tenant = await createTestTenant();
const { audience } = tenant;

interface Mistake {
  readonly kind?: TokenKind;
  readonly details?: TokenDetails;
  readonly options?: object;
  readonly requirement?: object;
  readonly code: ErrorCode;
  /** What the hint has to name: the likely cause, or the remedy. */
  readonly names: RegExp;
}

/** What people get wrong with Logto. */
const MISTAKES: Readonly<Record<string, Mistake>> = {
  'no resource was asked for': { kind: 'opaque', code: 'token_opaque', names: /getAccessToken\(.*resources/ },
  'the ID token was sent': { kind: 'id', code: 'token_type_mismatch', names: /ID token.*getIdToken/ },
  'a personal access token was not exchanged': { kind: 'personal', code: 'token_personal', names: /token exchange/ },
  'a subject token was not exchanged': { kind: 'subject', code: 'token_subject', names: /token exchange/ },
  'scopes are missing in the LogtoConfig': {
    requirement: { scopes: 'read:posts' },
    code: 'scope_insufficient',
    names: /role.*scopes in the Logto SDK configuration.*sign in again/,
  },
  'a slash too many in the indicator': {
    options: { audience: `${audience}/` },
    code: 'audience_mismatch',
    names: /trailing slash/,
  },
  'another API': { kind: 'wrong-audience', code: 'audience_mismatch', names: /API identifier.*byte for byte/ },
  'an organization token for an API': {
    kind: 'organization',
    details: { organization: 'org1' },
    code: 'audience_mismatch',
    names: /getOrganizationToken/,
  },
  'a custom domain, or a proxy': { kind: 'wrong-issuer', code: 'issuer_mismatch', names: /custom domain.*PROXY/ },
  'a verifier for RSA only': { options: { algorithms: ['RS256'] }, code: 'algorithm_not_allowed', names: /ES384/ },
  'a key of another tenant': { kind: 'unknown-key', code: 'key_not_found', names: /endpoint and jwksUri/ },
  'another tenant under the same key id': { kind: 'forged', code: 'signature_invalid', names: /another tenant/ },
  'a token that was kept': { kind: 'expired', code: 'token_expired', names: /fresh token/ },
  'clocks that differ': { kind: 'future', code: 'token_issued_in_future', names: /clock/ },
  'a script that sets nbf': {
    details: { claims: { nbf: 1e12 } },
    code: 'token_not_yet_valid',
    names: /custom claims script/,
  },
  'a script that sets cnf': {
    details: { claims: { cnf: {} } },
    code: 'confirmation_unsupported',
    names: /custom claims script/,
  },
  'a script that breaks a claim': {
    details: { claims: { nbf: 'soon' } },
    code: 'claim_invalid',
    names: /custom claims script/,
  },
  'an organization where none belongs': {
    kind: 'organization-resource',
    details: { organization: 'org1' },
    code: 'organization_unexpected',
    names: /without an organization id.*'organization-resource'/,
  },
  'no organization': {
    options: { permissionModel: 'organization-resource' },
    requirement: { organization: 'org1' },
    code: 'organization_missing',
    names: /organizationId.*urn:logto:scope:organizations/,
  },
  'another organization': {
    kind: 'organization-resource',
    details: { organization: 'org2' },
    options: { permissionModel: 'organization-resource' },
    requirement: { organization: 'org1' },
    code: 'organization_mismatch',
    names: /getAccessToken\(resource, organizationId\)/,
  },
  'somebody else acts': {
    kind: 'actor',
    options: { actor: 'forbid' },
    code: 'actor_not_allowed',
    names: /impersonation/,
  },
  'an application that is not listed': {
    options: { clientIds: ['other'] },
    code: 'client_not_allowed',
    names: /clientIds/,
  },
  'a key set that cannot be reached': {
    options: { fetch: () => Promise.reject(new TypeError('fetch failed')) },
    code: 'keys_unavailable',
    names: /jwksUri.*proxy/,
  },
};

describe('the hint names the likely cause:', () => {
  for (const [what, { kind, details, options = {}, requirement = {}, code, names }] of Object.entries(MISTAKES)) {
    it(what, async () => {
      const verifier = createVerifier({
        ...tenant.options,
        audience,
        ...options,
      } as unknown as VerifierOptions as never);
      const { hint } = await refusal(code, async () =>
        (verifier as { verify(token: string, requirement: object): unknown }).verify(
          await tenant.token(kind, details),
          requirement,
        ),
      );
      assert.match(hint, names);
    });
  }

  it('a client that sends the text undefined', async () => {
    const verifier = createVerifier({ ...tenant.options, audience });
    const { hint } = await refusal('token_malformed', () => verifier.verify('undefined'));
    assert.match(hint, /undefined/);
  });
});
