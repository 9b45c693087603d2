/** Tokens made by others: real ones of a Logto tenant, and the examples of the RFCs. */
import { readFileSync } from 'node:fs';
import {
  ALL_ALGORITHMS,
  accepted,
  access,
  type Case,
  type Expect,
  id,
  jws,
  refused,
  type Setting,
} from '../lib/case.ts';
import { AUDIENCE, type Members } from '../lib/token.ts';

const read = (name: string): string => readFileSync(new URL(`../sources/${name}`, import.meta.url), 'utf8');

interface Sample {
  readonly name: string;
  readonly token: string;
  readonly issuedAt: number | null;
  readonly jwksFile: string | null;
}

interface Samples {
  readonly jwks: Record<string, unknown>;
  readonly tokens: readonly Sample[];
}

const LOGTO = JSON.parse(read('logto.json')) as Samples;
const EC_SET = 'logto-1.22-ec';
const RSA_SET = 'logto-1.22-rsa-ec';

export const SAMPLE_KEY_SETS = { [EC_SET]: LOGTO.jwks['jwks-1-ec.json'], [RSA_SET]: LOGTO.jwks['jwks-2-rsa-ec.json'] };

export function logto(): Case[] {
  const APP = '70uwrf0sjkmw5qdnnlasn';
  const MACHINE = '9nbm4sj1a6s1z3tg8f5k6';
  const ORG = 'tao28sen70w3';
  const endpoint = 'http://127.0.0.1:3001';
  const base = { endpoint, audience: AUDIENCE, jwks: EC_SET };
  const find = (name: string): Sample => {
    const sample = LOGTO.tokens.find((one) => one.name === name);
    if (sample === undefined) throw new Error(`no sample ${name}`);
    return sample;
  };
  const clock = (sample: Sample): number => (sample.issuedAt ?? 1_795_329_155) * 1000;
  const check = (suffix: string, why: string, name: string, expect: Expect, more: Setting = {}): Case => {
    const sample = find(name);
    return access(`${name}-${suffix}`, why, sample.token, expect, { options: base, now: clock(sample), ...more });
  };
  const resourceModel = { ...base, permissionModel: 'organization-resource' };
  const organizationModel = { endpoint, jwks: EC_SET, permissionModel: 'organization' };
  const member = { requirement: { organization: ORG } };
  const needs = (...scopes: string[]): Setting => ({ requirement: { scopes } });
  const machine: Members = { subject: MACHINE, clientId: MACHINE, isMachine: true, scopes: ['read:posts'] };
  const idSample = find('spa-viewer-id-token');
  const editor = find('user-editor-blog');
  const changed = editor.token.replace(/\.(.)/, (_, first: string) => `.${first === 'e' ? 'f' : 'e'}`);
  return [
    check('accepted', 'a machine, ES384', 'm2m-blog-read', accepted(machine), needs('read:posts')),
    check(
      'lacking',
      'a machine may not write',
      'm2m-blog-read',
      { code: 'scope_insufficient', missing: ['write:posts'] },
      needs('write:posts'),
    ),
    check(
      'accepted',
      'the viewer of the tutorial',
      'user-viewer-blog',
      accepted({ subject: 'xiiti29lzj69', clientId: APP, isMachine: false, scopes: ['read:posts'] }),
      needs('read:posts'),
    ),
    check(
      'lacking',
      'the viewer may not write',
      'user-viewer-blog',
      { code: 'scope_insufficient', missing: ['write:posts'] },
      needs('read:posts', 'write:posts'),
    ),
    check(
      'accepted',
      'the editor',
      'user-editor-blog',
      accepted({ scopes: ['read:posts', 'write:posts'] }),
      needs('write:posts'),
    ),
    check(
      'lacking',
      'the editor may not delete',
      'user-editor-blog',
      { code: 'scope_insufficient', missing: ['delete:posts'] },
      needs('delete:posts'),
    ),
    check(
      'accepted',
      'the administrator',
      'user-admin-blog',
      accepted({ scopes: ['read:posts', 'write:posts', 'delete:posts', 'admin:all'] }),
      needs('delete:posts', 'admin:all'),
    ),
    check('expired', 'long after', 'user-admin-blog', refused('token_expired', 'exp'), {
      now: 2_110_689_157_000 + 5_000,
    }),
    check('other-tenant', 'the keys of another tenant', 'user-admin-blog', refused('key_not_found'), {
      options: { ...base, jwks: 'tenant' },
    }),
    access('user-editor-blog-tampered', 'one character of the payload changed', changed, refused('signature_invalid'), {
      options: base,
      now: clock(editor),
    }),
    check(
      'accepted',
      'an organization token',
      'user-multiorg-org-acme',
      accepted({ organizationId: ORG, scopes: [], audience: [`urn:logto:organization:${ORG}`] }),
      { options: organizationModel, ...member },
    ),
    check(
      'other',
      'asked for another organization',
      'user-multiorg-org-acme',
      refused('organization_mismatch', 'aud'),
      { options: organizationModel, requirement: { organization: 'another' } },
    ),
    check('resource', 'at an API resource', 'user-multiorg-org-acme', refused('audience_mismatch', 'aud')),
    check(
      'accepted',
      'a resource token of the organization',
      'user-multiorg-org-acme-blog',
      accepted({ organizationId: ORG, scopes: ['read:posts', 'delete:posts'] }),
      { options: resourceModel, ...member },
    ),
    check(
      'other',
      'asked for another organization',
      'user-multiorg-org-acme-blog',
      refused('organization_mismatch', 'organization_id'),
      { options: resourceModel, requirement: { organization: 'another' } },
    ),
    check(
      'resource',
      'at a route without organization',
      'user-multiorg-org-acme-blog',
      refused('organization_unexpected', 'organization_id'),
    ),
    check(
      'missing',
      'no organization where one is needed',
      'user-admin-blog',
      refused('organization_missing', 'organization_id'),
      { options: resourceModel, ...member },
    ),
    check('refused', 'an ID token of 1.22, typ JWT', 'spa-viewer-id-token', refused('token_type_mismatch', 'typ')),
    check(
      'refused-aud',
      'even if the API names the application as its audience',
      'spa-viewer-id-token',
      refused('token_type_mismatch', 'typ'),
      { options: { ...base, audience: APP } },
    ),
    check('opted-out', 'and looks at no typ', 'spa-viewer-id-token', refused('claim_missing', 'client_id'), {
      options: { ...base, audience: APP, typ: null },
    }),
    id(
      'spa-viewer-id-token-accepted',
      'where ID tokens belong',
      idSample.token,
      accepted({ subject: 'xiiti29lzj69', audience: [APP] }),
      {
        options: { endpoint, clientId: APP, jwks: EC_SET },
        now: clock(idSample),
      },
    ),
    check('refused', 'an opaque token', 'spa-viewer-opaque-access-token', refused('token_opaque')),
    check('accepted', 'RS256 after a rotation, by a JWK without alg', 'rsa-m2m-blog-read', accepted(machine), {
      options: { ...base, jwks: RSA_SET },
    }),
    check('before-rotation', 'the key set from before the rotation', 'rsa-m2m-blog-read', refused('key_not_found')),
    check('after-rotation', 'a token from before the rotation', 'user-viewer-blog', accepted(), {
      options: { ...base, jwks: RSA_SET },
    }),
  ];
}

interface RfcExample {
  readonly id: string;
  readonly kind: 'jws' | 'jwt';
  readonly token: string;
  readonly jwks: { readonly keys: readonly unknown[] };
  readonly options: { readonly algorithms: string[] };
  readonly expect: 'accept' | 'reject';
  readonly why: string;
}

/** Which code a refused example gets, by the part of its id that says what is wrong. */
const REASONS: readonly (readonly [pattern: RegExp, code: string])[] = [
  [/-as-access-token$/, 'token_type_mismatch'],
  [/-as-jwt$|-json(_flat)?$|^rfc-7515-A\.[67]$|-tampered-header$|hmac-sha2_b64_false$/, 'token_malformed'],
  [/nested-jwe$/, 'token_encrypted'],
  // The unsecured crit example: alg is looked at before crit.
  [/^rfc-7515-(A\.1|A\.5|E)$|^rfc-7519-|hmac|detached|-alg-not-allowed$/, 'algorithm_not_allowed'],
  [/-cross-key$|-x25519$/, 'key_not_found'],
  [/-tampered-(payload|signature)$|-embedded$|-cross-sig$/, 'signature_invalid'],
];

export function rfc(): Case[] {
  const examples = read('rfc.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RfcExample);
  return examples.map((example) => {
    const { id: name, token, jwks, options } = example;
    const short = name.replace(/^rfc-/, '');
    const why = `RFC ${short.replace(/-.*/, '')}: ${example.why}`;
    const code = REASONS.find(([pattern]) => pattern.test(name))?.[1];
    if ((code === undefined) !== (example.expect === 'accept')) throw new Error(`${name}: no verdict`);
    if (example.kind === 'jwt') {
      const typ = code === 'token_type_mismatch' ? {} : { typ: null };
      // A fixed set needs a usable key; these are refused before any key is asked for.
      const keys = /7519/.test(name) ? 'tenant' : jwks;
      const all = { issuer: 'https://issuer.example', audience: 'joe', algorithms: ALL_ALGORITHMS, jwks: keys, ...typ };
      return access(short, why, token, refused(String(code)), { options: all, now: 1_300_819_379_000 });
    }
    const segments = token.split('.');
    const header = (): unknown => JSON.parse(Buffer.from(String(segments[0]), 'base64url').toString());
    const expect = code === undefined ? accepted({ payload: segments[1], header: header() }) : refused(code);
    return jws(short, why, token, jwks, options.algorithms, expect);
  });
}
