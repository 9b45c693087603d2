import { createVerifier, type OptionsOf, type Report } from 'scopegate';
import type { Settings } from './settings.ts';

/**
 * Examines a token step by step.
 *
 * @param jwks the key set as JSON text; fetched from the endpoint if empty.
 * @throws {ScopegateError} for settings that make no sense, and when the key set cannot be loaded.
 */
export function inspect(token: string, settings: Settings, jwks: string): Promise<Report> {
  const { endpoint, audience, model, organization } = settings;
  const source = { endpoint, ...(jwks === '' ? {} : { jwks: keysIn(jwks) }) };
  const scopes = settings.scopes.split(/\s+/).filter((scope) => scope !== '');
  const required = scopes.length === 0 ? {} : { scopes };
  if (model === 'resource') {
    return createVerifier({ ...source, audience } as OptionsOf<'resource'>).explain(token, required);
  }
  const options = model === 'organization' ? { ...source } : { ...source, audience };
  const verifier = createVerifier({ ...options, permissionModel: model } as OptionsOf<'organization-resource'>);
  return verifier.explain(token, { ...required, organization });
}

/** What is no key set is for the verifier to refuse, but it has to be JSON to get there. */
function keysIn(text: string): { keys: object[] } {
  try {
    return JSON.parse(text) as { keys: object[] };
  } catch {
    return { keys: [] };
  }
}
