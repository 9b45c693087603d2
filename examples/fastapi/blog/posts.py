"""The blog's posts, in memory."""

from __future__ import annotations

from uuid import uuid4

from pydantic import BaseModel, Field


class Draft(BaseModel):
    title: str = Field(min_length=1)


class Post(BaseModel):
    id: str
    title: str
    author: str
    """Id of the user or application that wrote it."""


_posts = {"1": Post(id="1", title="Hello, world", author="the blog")}


def list_posts() -> list[Post]:
    return list(_posts.values())


def create_post(draft: Draft, author: str) -> Post:
    post = Post(id=str(uuid4()), title=draft.title, author=author)
    _posts[post.id] = post
    return post


def delete_post(post_id: str) -> bool:
    """Returns whether there was such a post."""
    return _posts.pop(post_id, None) is not None


def list_organization_posts(organization_id: str) -> list[Post]:
    """Every organization has a blog of its own."""
    return [Post(id=f"{organization_id}-1", title=f"News from {organization_id}", author="the blog")]
