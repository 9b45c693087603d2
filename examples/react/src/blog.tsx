import { useLogto } from '@logto/react';
import { type SubmitEvent, useCallback, useEffect, useState } from 'react';
import { Can, useCan } from 'scopegate/react';
import { type Answer, ask, type Post } from './api.ts';
import { API, ORGANIZATION_API } from './settings.ts';

export function Blog({ organizationId }: { organizationId: string | undefined }) {
  const path = organizationId === undefined ? '/posts' : `/organizations/${organizationId}/posts`;
  const send = useApi(organizationId);
  const { show: readable } = useCan('read:posts');
  const [posts, setPosts] = useState<readonly Post[]>([]);
  const [answer, setAnswer] = useState<Answer>();

  const load = useCallback(async () => {
    const { posts = [] } = await send('GET', path);
    setPosts(posts);
  }, [send, path]);
  useEffect(() => {
    if (readable) load();
    else setPosts([]);
  }, [load, readable]);

  const change = async (...request: Parameters<typeof send>) => {
    setAnswer(await send(...request));
    if (readable) await load();
  };

  return (
    <>
      <section className="card" aria-labelledby="posts">
        <h1 id="posts">{organizationId === undefined ? 'Posts' : `Posts of ${organizationId}`}</h1>
        <Can scopes="read:posts" fallback={<p>Your role does not read posts here.</p>}>
          <ul className="posts">
            {posts.map((post) => (
              <li key={post.id}>
                <div>
                  <strong>{post.title}</strong>
                  <small>by {post.author}</small>
                </div>
                <Can scopes="delete:posts">
                  <button
                    type="button"
                    className="danger"
                    aria-label={`Delete ${post.title}`}
                    onClick={() => change('DELETE', `${path}/${post.id}`)}
                  >
                    Delete
                  </button>
                </Can>
              </li>
            ))}
          </ul>
        </Can>
        <Can scopes="write:posts" fallback={<p className="note">Your role does not write posts here.</p>}>
          <NewPost create={(title) => change('POST', path, { title })} />
        </Can>
      </section>
      <section className="card" aria-labelledby="bypass">
        <h2 id="bypass">Bypass the UI</h2>
        <p className="note">Hiding a button protects nothing. These ask the API whatever your role is:</p>
        <div className="row">
          <button type="button" onClick={() => change('GET', path)}>
            Read anyway
          </button>
          <button type="button" onClick={() => change('POST', path, { title: 'Written without a button' })}>
            Write anyway
          </button>
          <button type="button" onClick={() => change('DELETE', `${path}/no-such-post`)}>
            Delete anyway
          </button>
        </div>
        <div role="status">{answer !== undefined && <TheApiSays answer={answer} />}</div>
      </section>
    </>
  );
}

/** Sends requests with the token that is right for the place. */
function useApi(organizationId: string | undefined) {
  const { getAccessToken } = useLogto();
  return useCallback(
    async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer> => {
      const token =
        organizationId === undefined
          ? await getAccessToken(API)
          : await getAccessToken(ORGANIZATION_API, organizationId);
      return ask(token, method, path, body);
    },
    [getAccessToken, organizationId],
  );
}

function NewPost({ create }: { create: (title: string) => Promise<void> }) {
  const [title, setTitle] = useState('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    await create(title);
    setTitle('');
  };
  return (
    <form className="row" onSubmit={submit}>
      <label className="grow">
        <span>New post</span>
        <input value={title} onChange={({ target }) => setTitle(target.value)} placeholder="Title" required />
      </label>
      <button type="submit" className="primary">
        Publish
      </button>
    </form>
  );
}

function TheApiSays({ answer }: { answer: Answer }) {
  const { request, status, code, challenge } = answer;
  return (
    <dl className={code === undefined ? 'answer' : 'answer refused'}>
      <dt>Request</dt>
      <dd>
        <code>{request}</code>
      </dd>
      <dt>The API says</dt>
      <dd>
        <strong>{status}</strong> {code !== undefined && <code>{code}</code>}
      </dd>
      {challenge !== undefined && (
        <>
          <dt>WWW-Authenticate</dt>
          <dd>
            <code>{challenge}</code>
          </dd>
        </>
      )}
    </dl>
  );
}
