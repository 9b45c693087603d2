/** The blog's posts, in memory. */

export interface Post {
  id: string;
  title: string;
  /** Id of the user or application that wrote it. */
  author: string;
}

const posts = new Map<string, Post>([['1', { id: '1', title: 'Hello, world', author: 'the blog' }]]);

export const listPosts = (): Post[] => [...posts.values()];

export function createPost(title: string, author: string): Post {
  const post = { id: crypto.randomUUID(), title, author };
  posts.set(post.id, post);
  return post;
}

/** Returns whether there was such a post. */
export const deletePost = (id: string): boolean => posts.delete(id);

/** Every organization has a blog of its own. */
export const listOrganizationPosts = (organizationId: string): Post[] => [
  { id: `${organizationId}-1`, title: `News from ${organizationId}`, author: 'the blog' },
];
