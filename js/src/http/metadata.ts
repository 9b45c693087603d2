import { isSecure } from '../address.ts';
import { configError } from '../errors.ts';
import type { IssuerOptions } from '../options.ts';
import { checkPlain } from '../plain.ts';
import { issuersOf } from './issuers.ts';
import type { HttpAnswer } from './response.ts';

/** What {@link protectedResourceMetadata} says of a resource: whose tokens it takes, and what it is. */
export type ResourceMetadataOptions = IssuerOptions & {
  /** The API identifier in Logto: the verifier's `audience`. https, or http on loopback; no fragment. */
  readonly resource: string;
  /** The scopes that clients may ask for (`scopes_supported`). */
  readonly scopes?: readonly string[];
  /** A name for people (`resource_name`). */
  readonly name?: string;
  /** A page for developers (`resource_documentation`). */
  readonly documentation?: string;
  /** A page about what may be done with the resource's data (`resource_policy_uri`). */
  readonly policy?: string;
  /** A page with the terms of service (`resource_tos_uri`). */
  readonly terms?: string;
};

/** Protected resource metadata (RFC 9728 §2), as it is sent. */
export interface ResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly ['header'];
  readonly scopes_supported?: readonly string[];
  readonly resource_name?: string;
  readonly resource_documentation?: string;
  readonly resource_policy_uri?: string;
  readonly resource_tos_uri?: string;
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** The options that are sent as they are, and under which name. */
const TEXTS: Readonly<Record<string, string>> = {
  name: 'resource_name',
  documentation: 'resource_documentation',
  policy: 'resource_policy_uri',
  terms: 'resource_tos_uri',
};

/** The others. */
const OPTIONS: readonly string[] = ['endpoint', 'issuer', 'resource', 'scopes'];

/**
 * Describes an API to clients that know nothing but its address, such as those of MCP: which authorization server gives
 * tokens for it, and which scopes there are (RFC 9728). Serve it with an adapter's `metadataHandler`, and name its
 * address, {@link protectedResourceMetadataUrl}, in `requireAuth`'s `resourceMetadata`.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function protectedResourceMetadata(options: ResourceMetadataOptions): ResourceMetadata {
  checkPlain(options, 'The options of protectedResourceMetadata');
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(options)) {
    const member = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
    if (member !== undefined) texts[member] = checkText(name, value);
    else if (!OPTIONS.includes(name)) throw configError(`There is no option "${name}".`);
    else if (value === undefined) throw configError(`${name} is undefined: leave it out, or give it a value.`);
  }
  const { resource, scopes } = options;
  splitResource(resource);
  const names = scopes === undefined ? [] : checkScopeNames(scopes);
  return Object.freeze({
    resource,
    authorization_servers: Object.freeze(issuersOf(options)),
    bearer_methods_supported: Object.freeze(['header'] as const),
    // RFC 9728 §3.2: members without values are left out.
    ...(names.length > 0 && { scopes_supported: Object.freeze(names) }),
    ...(texts as Partial<ResourceMetadata>),
  });
}

/**
 * Where the metadata of a resource is (RFC 9728 §3.1): the well-known path comes between host and path, so that
 * `https://api.example/v1` has its metadata at `https://api.example/.well-known/oauth-protected-resource/v1`.
 *
 * @throws {ScopegateError} `config_invalid`
 */
export function protectedResourceMetadataUrl(resource: string): string {
  const [origin, rest] = splitResource(resource);
  return `${origin}${WELL_KNOWN}${rest.replace(/^\/(?=\?|$)/, '')}`;
}

/** The answer to a request for the metadata: anybody may read it, from a page of any origin. */
export function metadataAnswer(method: string | undefined, metadata: ResourceMetadata): HttpAnswer {
  const open = { 'Access-Control-Allow-Origin': '*' };
  switch (method) {
    case 'GET':
    case 'HEAD': {
      const headers = { ...open, 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=3600' };
      return { status: 200, headers, body: JSON.stringify(metadata) };
    }
    case 'OPTIONS': {
      const headers = {
        ...open,
        'Access-Control-Allow-Methods': 'GET, HEAD',
        // Clients of MCP name the version of their protocol.
        'Access-Control-Allow-Headers': '*',
        'Access-Control-Max-Age': '86400',
      };
      return { status: 204, headers, body: '' };
    }
    default:
      return { status: 405, headers: { ...open, Allow: 'GET, HEAD, OPTIONS' }, body: '' };
  }
}

/** The origin of a resource identifier, and what comes after it, both as they are written. */
function splitResource(resource: unknown): [origin: string, rest: string] {
  const parts = typeof resource === 'string' ? /^(https?:\/\/[^/?#@\s]+)([^#\s]*)$/.exec(resource) : null;
  const [url = '', origin = '', rest = ''] = parts ?? [];
  if (URL.canParse(url) && isSecure(new URL(url))) return [origin, rest];
  throw configError('resource must be an https URL without a fragment (http on loopback), as it is in Logto.');
}

function checkScopeNames(scopes: unknown): string[] {
  // RFC 6749 §3.3: scope-token.
  const isName = (scope: unknown): scope is string =>
    typeof scope === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope);
  if (Array.isArray(scopes) && scopes.every(isName)) return [...scopes];
  throw configError('scopes must be a list of scope names.');
}

function checkText(option: string, text: unknown): string {
  if (typeof text !== 'string' || text === '') throw configError(`${option} must be a non-empty string.`);
  if (option !== 'name' && !/^https?:\/\//.test(text)) throw configError(`${option} must be the address of a page.`);
  return text;
}
