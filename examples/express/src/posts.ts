/** The blog's posts, in memory. */

export interface Post {
  id: string;
  title: string;
  /** Id of the user or application that wrote it. */
  author: string;
}

class Blog {
  readonly #posts = new Map<string, Post>();

  constructor(first: Post) {
    this.#posts.set(first.id, first);
  }

  list(): Post[] {
    return [...this.#posts.values()];
  }

  create(title: string, author: string): Post {
    const post = { id: crypto.randomUUID(), title, author };
    this.#posts.set(post.id, post);
    return post;
  }

  /** Returns whether there was such a post. */
  delete(id: string): boolean {
    return this.#posts.delete(id);
  }
}

export const blog = new Blog({ id: '1', title: 'Hello, world', author: 'the blog' });

const blogs = new Map<string, Blog>();

/** Every organization has a blog of its own. */
export function blogOf(organizationId: string): Blog {
  let own = blogs.get(organizationId);
  if (own === undefined) {
    own = new Blog({ id: `${organizationId}-1`, title: `News from ${organizationId}`, author: 'the blog' });
    blogs.set(organizationId, own);
  }
  return own;
}
