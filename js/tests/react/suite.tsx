// What a page shows, on whichever version of React this is bundled with.
import './dom.ts';
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { act, StrictMode, useState, version } from 'react';
import { renderToString } from 'react-dom/server';
import {
  type Access,
  AccessProvider,
  type AccessProviderProps,
  type BrowserVerifier,
  Can,
  ShowRoute,
  type TokenSession,
  useAccess,
  useCan,
} from 'scopegate/react';
import { API, last, mount, sessionOf, token, unmountAll, Watch, wait } from './support.tsx';

declare const REACT_VERSION: string;

function Page({ seen = [], ...props }: Omit<AccessProviderProps, 'resource'> & { seen?: Access[] }) {
  return (
    <AccessProvider resource={API} {...props}>
      <Watch seen={seen} />
      <Can scopes="write:posts" fallback="no write;" loading="…">
        write;
      </Can>
      {props.children}
    </AccessProvider>
  );
}

const codeOf = (access: Access): string => (access.status === 'error' ? access.error.code : access.status);

describe(`scopegate/react on React ${REACT_VERSION}`, () => {
  afterEach(unmountAll);

  it('runs on that version', () => assert.equal(version, REACT_VERSION));

  // First, while nothing has been compiled yet.
  it('shows nothing where WebAssembly cannot run, and does not take the page down', async (t) => {
    const forbidden = t.mock.method(WebAssembly, 'Module', () => {
      throw new WebAssembly.CompileError('forbidden');
    });
    const page = mount();
    const seen: Access[] = [];
    await page.show(<Page session={sessionOf(() => token('write:posts'))} seen={seen} />);
    assert.ok(forbidden.mock.callCount() > 0);
    assert.equal(codeOf(last(seen)), 'internal');
    assert.equal(page.text(), 'no write;');
  });

  it('shows what the scopes allow to be shown, and loads first', async () => {
    const page = mount();
    const seen: Access[] = [];
    const session = sessionOf(() => token('read:posts write:posts'));
    await page.show(<Page session={session} seen={seen} />);
    assert.deepEqual(session.calls, [[API]]);
    assert.equal(seen[0]?.status, 'loading');
    assert.equal(seen[0]?.scopes.size, 0);
    const access = last(seen);
    assert.ok(access.status === 'ready' && !access.verified && access.expiresAt > Date.now() / 1000);
    assert.deepEqual([...access.scopes], ['read:posts', 'write:posts']);
    assert.equal(page.text(), 'write;');
  });

  it('says what is missing, and counts implied scopes', async () => {
    const page = mount();
    function Missing() {
      const { show, missing } = useCan(['read:posts', 'delete:posts']);
      return `${show} ${missing.join()}`;
    }
    const session = sessionOf(() => token('read:posts'));
    await page.show(<Page session={session}>{<Missing />}</Page>);
    assert.equal(page.text(), 'no write;false delete:posts');
    const impliedScopes = { 'read:posts': ['write:posts', 'delete:posts'] };
    await page.show(
      <Page session={session} impliedScopes={impliedScopes}>
        <Missing />
      </Page>,
    );
    assert.equal(page.text(), 'write;true ');
  });

  it('shows nothing for undefined, for failures, and for tokens of another kind or purpose', async () => {
    const cases: [string, Parameters<typeof sessionOf>[0]][] = [
      ['token_missing', () => undefined],
      ['token_missing', () => Promise.reject(new Error('offline'))],
      ['token_opaque', () => 'a'.repeat(43)],
      ['audience_mismatch', () => token('write:posts', { aud: 'https://other' })],
      ['organization_unexpected', () => token('write:posts', { organization_id: 'acme' })],
      ['claim_invalid', () => token('write:posts', { scope: ['write:posts'] })],
      ['claim_missing', () => token('write:posts', { exp: undefined })],
      ['token_expired', () => token('write:posts', { exp: Math.floor(Date.now() / 1000) - 3600 })],
    ];
    for (const [code, answer] of cases) {
      const page = mount();
      const seen: Access[] = [];
      await page.show(<Page session={sessionOf(answer)} seen={seen} />);
      assert.equal(codeOf(last(seen)), code);
      assert.equal(last(seen).scopes.size, 0);
      assert.equal(page.text(), 'no write;', code);
      await act(async () => page.root.unmount());
    }
  });

  it('waits for the sign-in, and tells who is signed out', async () => {
    const page = mount();
    const seen: Access[] = [];
    const session = sessionOf(() => token('write:posts'));
    await page.show(<Page session={{ ...session, isAuthenticated: false, isLoading: true }} seen={seen} />);
    assert.equal(last(seen).status, 'loading');
    await page.show(<Page session={{ ...session, isAuthenticated: false, isLoading: false }} seen={seen} />);
    assert.equal(last(seen).status, 'signed-out');
    assert.equal(page.text(), 'no write;');
    assert.equal(session.calls.length, 0);
    await page.show(<Page session={{ ...session, isAuthenticated: true, isLoading: true }} seen={seen} />);
    assert.equal(page.text(), 'write;');
    await page.show(<Page session={{ ...session, isAuthenticated: false }} seen={seen} />);
    assert.equal(page.text(), 'no write;');
    // Who signs in next is somebody else, as far as one knows.
    const other = sessionOf(() => token('read:posts'));
    await page.show(<Page session={{ ...other, isAuthenticated: true }} seen={seen} />);
    assert.equal(other.calls.length, 1);
    assert.equal(page.text(), 'no write;');
  });

  it('evaluates anew for another organization, and never shows the last one’s', async () => {
    const page = mount();
    const seen: Access[] = [];
    const session = sessionOf((_, organization) =>
      token(organization === 'acme' ? 'write:posts' : 'read:posts', { organization_id: organization }),
    );
    await page.show(<Page session={session} seen={seen} organizationId="acme" />);
    assert.equal(page.text(), 'write;');
    const before = seen.length;
    await page.show(<Page session={session} seen={seen} organizationId="globex" />);
    assert.equal(seen[before]?.status, 'loading');
    assert.ok(seen.slice(before).every((access) => !access.scopes.has('write:posts')));
    assert.equal(last(seen).organizationId, 'globex');
    assert.equal(page.text(), 'no write;');
    assert.deepEqual(session.calls, [
      [API, 'acme'],
      [API, 'globex'],
    ]);
  });

  it('drops an answer that comes too late', async () => {
    const page = mount();
    const answers = new Map<string | undefined, (token: string) => void>();
    const session = sessionOf((_, organization) => new Promise((resolve) => answers.set(organization, resolve)));
    await page.show(<Page session={session} organizationId="acme" />);
    await page.show(<Page session={session} organizationId="globex" />);
    await act(async () => answers.get('globex')?.(token('read:posts', { organization_id: 'globex' })));
    await act(async () => answers.get('acme')?.(token('write:posts', { organization_id: 'acme' })));
    assert.equal(page.text(), 'no write;');
  });

  it('asks again when the token expires, and keeps what it shows meanwhile', async () => {
    const page = mount();
    const seen: Access[] = [];
    const issued = ['write:posts', 'read:posts'];
    const session = sessionOf(() => {
      const exp = Math.floor(Date.now() / 1000) + (issued.length === 2 ? 1 : 3600);
      return token(issued.shift() ?? '', { exp });
    });
    await page.show(<Page session={session} seen={seen} />);
    assert.equal(page.text(), 'write;');
    await wait(2600);
    assert.equal(session.calls.length, 2);
    assert.equal(page.text(), 'no write;');
    assert.ok(seen.slice(1).every(({ status }) => status !== 'loading' || seen.indexOf(last(seen)) < 2));
    await act(async () => page.root.unmount());
  });

  it('does not ask in a loop for an SDK that hands out the expired token', async () => {
    const page = mount();
    const stale = token('write:posts', { exp: Math.floor(Date.now() / 1000) - 2 });
    const session = sessionOf(() => stale);
    await page.show(<Page session={session} />);
    await wait(3500);
    assert.ok(session.calls.length >= 2 && session.calls.length <= 3, `${session.calls.length} calls`);
    assert.equal(page.text(), 'write;');
    const { length } = session.calls;
    await act(async () => page.root.unmount());
    await wait(4500);
    assert.equal(session.calls.length, length);
  });

  it('refreshes on demand: forgets the old token first, and joins concurrent calls', async () => {
    const page = mount();
    const seen: Access[] = [];
    const order: string[] = [];
    let role = 'read:posts';
    const session: TokenSession = {
      getAccessToken: async () => {
        order.push('get');
        return token(role);
      },
      clearAccessToken: async () => {
        order.push('clear');
      },
    };
    await page.show(<Page session={session} seen={seen} />);
    role = 'write:posts';
    await act(async () => {
      await Promise.all([last(seen).refresh(), last(seen).refresh()]);
    });
    assert.deepEqual(order, ['get', 'clear', 'get']);
    assert.equal(page.text(), 'write;');
    assert.ok(seen.every((access, index) => index < 2 || access.status === 'ready'));
  });

  it('does not take for fresh what was asked for before', async () => {
    const page = mount();
    const seen: Access[] = [];
    const answers: ((token: string) => void)[] = [];
    const session = sessionOf(() => new Promise((resolve) => answers.push(resolve)));
    await page.show(<Page session={session} seen={seen} />);
    const refreshed = last(seen).refresh();
    await wait(5);
    assert.equal(answers.length, 2);
    await act(async () => {
      answers[1]?.(token('read:posts'));
      answers[0]?.(token('write:posts'));
      await refreshed;
    });
    assert.equal(page.text(), 'no write;');
  });

  it('makes one call however many places are mounted at once, and in StrictMode', async () => {
    const page = mount();
    const session = sessionOf(() => new Promise((resolve) => setTimeout(() => resolve(token('write:posts')), 20)));
    const places = Array.from({ length: 20 }, (_, index) => <Page key={String(index)} session={session} />);
    await page.show(<StrictMode>{places}</StrictMode>);
    await wait(60);
    assert.equal(page.text(), 'write;'.repeat(20));
    assert.equal(session.calls.length, 1);
    // The same with functions that are new with every render, within one provider.
    let calls = 0;
    const fresh = (): TokenSession => ({
      getAccessToken: async () => {
        calls += 1;
        return token('write:posts');
      },
    });
    const another = mount();
    await another.show(
      <StrictMode>
        <Page session={fresh()} />
      </StrictMode>,
    );
    await another.show(
      <StrictMode>
        <Page session={fresh()} />
      </StrictMode>,
    );
    assert.equal(another.text(), 'write;');
    assert.equal(calls, 1);
  });

  it('does not loop where every call renders the page anew, as @logto/react has it', async () => {
    const page = mount();
    const seen: Access[] = [];
    let renders = 0;
    let calls = 0;
    function App() {
      const [loading, setLoading] = useState(0);
      renders += 1;
      const session: TokenSession = {
        isAuthenticated: true,
        isLoading: loading > 0,
        getAccessToken: async () => {
          calls += 1;
          setLoading((count) => count + 1);
          await new Promise((resolve) => setTimeout(resolve, 5));
          setLoading((count) => count - 1);
          return token('write:posts');
        },
      };
      return <Page session={session} seen={seen} impliedScopes={{ a: ['b'] }} />;
    }
    await page.show(<App />);
    await wait(100);
    assert.equal(page.text(), 'write;');
    assert.equal(calls, 1);
    // The first, and one for either change of isLoading.
    assert.equal(renders, 3);
    assert.equal(new Set(seen).size, 2);
    await wait(100);
    assert.equal(renders, 3);
  });

  it('renders on a server, where there is no token', () => {
    const session = sessionOf(() => token('write:posts'));
    const render = (more: Partial<TokenSession>) => renderToString(<Page session={{ ...session, ...more }} />);
    assert.equal(render({}), '…');
    assert.equal(render({ isAuthenticated: false }), 'no write;');
    assert.equal(session.calls.length, 0);
  });

  it('takes a verifier’s word, if there is one', async () => {
    const asked: unknown[] = [];
    const accepting = {
      verify: async (...question: unknown[]) => {
        asked.push(question[1]);
        return { scopes: new Set(['write:posts']) };
      },
    } as unknown as BrowserVerifier;
    const refusing = {
      verify: async () => {
        throw new Error('a forged token');
      },
    } as unknown as BrowserVerifier;
    const seen: Access[] = [];
    const session = sessionOf((_, organization) => token('read:posts', { organization_id: organization }));
    const page = mount();
    await page.show(<Page session={session} verifier={accepting} seen={seen} />);
    const access = last(seen);
    assert.ok(access.status === 'ready' && access.verified);
    assert.equal(page.text(), 'write;');
    await page.show(<Page session={session} verifier={accepting} organizationId="acme" />);
    assert.deepEqual(asked, [{}, { organization: 'acme' }]);
    const other = mount();
    await other.show(<Page session={sessionOf(() => token('write:posts'))} verifier={refusing} />);
    assert.equal(other.text(), 'no write;');
  });

  it('shows routes', async () => {
    const route = (scopes?: string) => (
      <ShowRoute
        {...(scopes === undefined ? {} : { scopes })}
        signedOut="sign in"
        loading="loading"
        fallback={({ missing, error }) => `hidden ${missing.join()} ${error?.code ?? ''}`}
      >
        route
      </ShowRoute>
    );
    const at = async (session: TokenSession, scopes?: string): Promise<string> => {
      const page = mount();
      await page.show(
        <AccessProvider resource={API} session={session}>
          {route(scopes)}
        </AccessProvider>,
      );
      return page.text();
    };
    const reader = sessionOf(() => token('read:posts'));
    assert.equal(await at(reader), 'route');
    assert.equal(await at(reader, 'read:posts'), 'route');
    assert.equal(await at(reader, 'write:posts'), 'hidden write:posts ');
    assert.equal(await at(sessionOf(() => undefined)), 'hidden  token_missing');
    assert.equal(await at({ ...reader, isAuthenticated: false }), 'sign in');
    assert.equal(await at(sessionOf(() => new Promise(() => {}))), 'loading');
  });

  it('needs a provider, and a requirement that makes sense', () => {
    const outside = () => renderToString(<Outside />);
    assert.throws(outside, /AccessProvider/);
    const senseless = () =>
      renderToString(
        <AccessProvider resource={API} session={sessionOf(() => undefined)}>
          <Can scopes={[]}>x</Can>
        </AccessProvider>,
      );
    assert.throws(senseless, { code: 'config_invalid' });
  });
});

function Outside(): string {
  return useAccess().status;
}
