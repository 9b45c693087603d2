import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createVerifier, type ErrorCode, type RequestLike, type ScopegateError } from 'scopegate';
import { refusal } from './support/refusal.ts';
import { AUDIENCE, accessToken, CLIENT, Clock, ENDPOINT, jwks } from './support/tenant.ts';

const verifier = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: new Clock().now });
const jwt = await accessToken();

const ACCEPTED: readonly string[] = [`Bearer ${jwt}`, `bearer ${jwt}`, `BEARER  ${jwt}`, `Bearer\t${jwt}`];

const REFUSED: readonly (readonly [ErrorCode, string | undefined])[] = [
  ['token_missing', undefined],
  ['token_missing', ''],
  ['token_missing', 'Basic dXNlcjpwYXNz'],
  ['token_missing', jwt],
  ['token_missing', `Bearer${jwt}`],
  ['request_invalid', 'Bearer'],
  ['request_invalid', `Bearer ${jwt} ${jwt}`],
  ['request_invalid', `Bearer ${jwt}, Bearer ${jwt}`],
  ['request_invalid', `Basic dXNlcjpwYXNz, Bearer ${jwt}`],
  ['request_invalid', `Bearer "${jwt}"`],
  ['request_invalid', `Bearer ${jwt};`],
  ['token_malformed', 'Bearer a.b.c'],
  ['token_opaque', `Bearer ${'x'.repeat(43)}`],
];

const KINDS: readonly (readonly [string, (authorization: string | undefined) => RequestLike])[] = [
  [
    'a Fetch request',
    (value) =>
      new Request('https://api.yourapp.com/', value === undefined ? {} : { headers: { authorization: value } }),
  ],
  [
    'a Node request',
    (value) => ({ headers: { authorization: value }, rawHeaders: value === undefined ? [] : ['Authorization', value] }),
  ],
  ['a Node request made by hand', (value) => ({ headers: { authorization: value } })],
];

describe('authenticate', () => {
  for (const [kind, make] of KINDS) {
    it(`takes the token from ${kind}`, async () => {
      for (const header of ACCEPTED) {
        assert.equal((await verifier.authenticate(make(header), { scopes: 'read:posts' })).subject, 'w2k7dq3hz9ab');
      }
      await refusal('scope_insufficient', () => verifier.authenticate(make(ACCEPTED[0]), { scopes: 'delete:posts' }));
    });

    it(`refuses what is wrong with ${kind}`, async () => {
      for (const [code, header] of REFUSED) await refusal(code, () => verifier.authenticate(make(header)));
    });
  }

  it('makes the same of a header in its usual form as the core does of any other', async () => {
    const verdict = (authorization: string) =>
      verifier.authenticate({ headers: { authorization } }).then(
        ({ subject }) => subject,
        ({ code }: ScopegateError) => code,
      );
    const texts = [
      jwt,
      `${jwt}=`,
      `${jwt}\n`,
      `${jwt} `,
      `${jwt}\u00e9`,
      '',
      '=',
      'a=b',
      'a==',
      '~',
      'a.b+c/d',
      'a\nb',
      '%',
      ',',
    ];
    for (let code = 0; code < 0x180; code++)
      texts.push(`${String.fromCharCode(code)}.b.c`, `a.b.c${String.fromCharCode(code)}`);
    for (const text of texts)
      assert.equal(await verdict(`Bearer ${text}`), await verdict(`bEARER ${text}`), JSON.stringify(text));
  });

  it('refuses two headers, of which Node shows one', async () => {
    const rawHeaders = ['Host', 'x', 'Authorization', `Bearer ${jwt}`, 'authorization', 'Bearer other'];
    const request = { headers: { authorization: `Bearer ${jwt}` }, rawHeaders };
    await refusal('request_invalid', () => verifier.authenticate(request));
    const headers = new Headers([
      ['authorization', `Bearer ${jwt}`],
      ['authorization', 'Basic dXNlcjpwYXNz'],
    ]);
    await refusal('request_invalid', () => verifier.authenticate({ headers }));
  });
});

describe('an Authorization header that is no text', () => {
  const headed = (authorization: unknown): RequestLike => ({ headers: { authorization } }) as RequestLike;

  it('counts by its lines if it is a list', async () => {
    assert.equal((await verifier.authenticate(headed([`Bearer ${jwt}`]))).subject, 'w2k7dq3hz9ab');
    await refusal('request_invalid', () => verifier.authenticate(headed([`Bearer ${jwt}`, `Bearer ${jwt}`])));
    await refusal('token_missing', () => verifier.authenticate(headed([])));
  });

  for (const value of [null, 5, {}, [5], [[`Bearer ${jwt}`]], true, Symbol('x')]) {
    it(`is malformed: ${String(value).slice(0, 20)}`, async () => {
      await refusal('request_invalid', () => verifier.authenticate(headed(value)));
      const get = (): never => value as never;
      if (value !== null) await refusal('request_invalid', () => verifier.authenticate({ headers: { get } }));
    });
  }
});

describe('what is no request', () => {
  for (const value of [undefined, null, {}, { headers: null }]) {
    it(`is a fault of the server: ${JSON.stringify(value)}`, async () => {
      await refusal('internal', () => verifier.authenticate(value as unknown as RequestLike));
    });
  }

  it('may have headers whose names are no text', async () => {
    const rawHeaders = [null, 'x', 'Authorization', undefined, 'Authorization', undefined] as unknown as string[];
    const request = { headers: { authorization: `Bearer ${jwt}` }, rawHeaders };
    await refusal('request_invalid', () => verifier.authenticate(request));
    assert.equal((await verifier.authenticate({ ...request, rawHeaders: rawHeaders.slice(0, 4) })).clientId, CLIENT);
  });
});

it('authenticate asks verify, whoever has replaced it', async () => {
  const replaced = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, jwks, clock: new Clock().now });
  replaced.verify = () => {
    throw new Error('revoked');
  };
  await assert.rejects(replaced.authenticate({ headers: { authorization: `Bearer ${jwt}` } }), /revoked/);
});

describe('challenge', () => {
  it('follows RFC 6750', async () => {
    const missing = await refusal('token_missing', () => verifier.authenticate({ headers: {} }));
    assert.equal(verifier.challenge(missing), 'Bearer');
    const invalid = await refusal('token_malformed', () => verifier.verify('a.b.c'));
    assert.match(verifier.challenge(invalid) ?? '', /^Bearer error="invalid_token", error_description="[^"]+"$/);
    const scopes = await refusal('scope_insufficient', () =>
      verifier.verify(jwt, { scopes: ['read:posts', 'delete:posts'] }),
    );
    assert.match(verifier.challenge(scopes) ?? '', /^Bearer error="insufficient_scope", .*scope="delete:posts"$/);
    const options = { realm: 'blog', resourceMetadata: 'https://api.yourapp.com/.well-known/oauth-protected-resource' };
    assert.equal(
      verifier.challenge(missing, { ...options, scopes: ['read:posts', '읽기:글'] }),
      `Bearer realm="blog", scope="read:posts", resource_metadata="${options.resourceMetadata}"`,
    );
  });

  it('is none of an outage', async () => {
    const fetch = () => Promise.reject(new Error('down'));
    const other = createVerifier({ endpoint: ENDPOINT, audience: AUDIENCE, fetch });
    assert.equal(other.challenge(await refusal('keys_unavailable', () => other.preload())), null);
  });
});
