/**
 * ID tokens as Logto signs them. `oidc-provider` 8 writes `typ: "JWT"` and `at_hash` into every ID token; Logto stopped
 * doing both in 1.42. The header of older releases can be asked for, because verifiers must refuse either as an access
 * token.
 */

import { CompactSign } from 'jose';
import type { Provider } from 'oidc-provider';
import type { SigningKey } from './keys.ts';

/** Lifetime of ID tokens in seconds. */
export const ID_TOKEN_TTL = 3600;

/** Makes `provider` issue ID tokens signed with `key`, with no `typ` header or with `typ: "JWT"`. */
export function useLogtoIdTokens(provider: Provider, key: SigningKey, typ: 'JWT' | undefined): void {
  const Base = provider.IdToken;

  class IdToken extends Base {
    override async issue(context: Parameters<InstanceType<typeof Base>['issue']>[0]): Promise<string> {
      if (context.use !== 'idtoken') {
        return super.issue(context);
      }
      const { at_hash, ...claims } = await this.payload();
      const now = Math.floor(Date.now() / 1000);
      const payload = {
        ...claims,
        aud: this.client.clientId,
        exp: context.expiresAt ?? now + ID_TOKEN_TTL,
        iat: now,
        iss: provider.issuer,
      };
      const header = { alg: key.algorithm, ...(typ === undefined ? {} : { typ }), kid: key.kid };
      return new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader(header).sign(key.privateKey);
    }
  }

  Object.defineProperty(provider, 'IdToken', { value: IdToken });
}
