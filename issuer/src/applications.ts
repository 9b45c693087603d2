/** Applications as OAuth clients. */

import type { AdapterPayload } from 'oidc-provider';
import type { Application } from './tenant.ts';

/** The registration `oidc-provider` sees of a tenant's application. */
export function clientMetadata(application: Application): AdapterPayload {
  const common = {
    client_id: application.id,
    client_name: application.name,
    redirect_uris: application.redirectUris ?? [],
    post_logout_redirect_uris: application.postLogoutRedirectUris ?? [],
  };
  switch (application.type) {
    case 'MachineToMachine':
      return {
        ...common,
        ...(application.secret === undefined ? {} : { client_secret: application.secret }),
        grant_types: ['client_credentials'],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_basic',
      };
    case 'Traditional':
      return {
        ...common,
        ...(application.secret === undefined ? {} : { client_secret: application.secret }),
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
      };
    default:
      return {
        ...common,
        application_type: application.type === 'Native' ? 'native' : 'web',
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      };
  }
}

/** Origins that may call the token endpoint from a browser: those of the redirect URIs, and those listed. */
export function allowedOrigins(application: Application | undefined): Set<string> {
  const redirects = (application?.redirectUris ?? []).map((uri) => new URL(uri).origin);
  return new Set([...redirects, ...(application?.corsAllowedOrigins ?? [])]);
}
