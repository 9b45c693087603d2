"""The API. ``uvicorn --factory blog.app:create_app`` serves it with all of uvicorn's options."""

import os
from typing import Annotated

from fastapi import FastAPI, HTTPException, Security

from blog.posts import Draft, Post, create_post, delete_post, list_organization_posts, list_posts
from scopegate import AccessToken
from scopegate.fastapi import RequireAuth, from_path, handle_refusals

IMPLIED_SCOPES = {"admin:all": ["read:posts", "write:posts", "delete:posts"]}


def create_app() -> FastAPI:
    endpoint = os.environ["LOGTO_ENDPOINT"]
    auth = RequireAuth(endpoint=endpoint, audience=os.environ["API_RESOURCE"], implied_scopes=IMPLIED_SCOPES)
    member = RequireAuth(
        endpoint=endpoint,
        audience=os.environ["ORGANIZATION_API_RESOURCE"],
        permission_model="organization-resource",
        implied_scopes=IMPLIED_SCOPES,
        organization=from_path("organization_id"),
    )

    app = FastAPI(title="Blog")
    handle_refusals(app)

    @app.get("/posts", dependencies=[Security(auth, scopes=["read:posts"])])
    async def read() -> list[Post]:
        return list_posts()

    @app.post("/posts", status_code=201)
    async def write(draft: Draft, token: Annotated[AccessToken, Security(auth, scopes=["write:posts"])]) -> Post:
        return create_post(draft, token.subject)

    @app.delete("/posts/{post_id}", status_code=204, dependencies=[Security(auth, scopes=["delete:posts"])])
    async def delete(post_id: str) -> None:
        if not delete_post(post_id):
            raise HTTPException(404)

    @app.get(
        "/organizations/{organization_id}/posts",
        dependencies=[Security(member, scopes=["read:posts"])],
    )
    async def read_organization(organization_id: str) -> list[Post]:
        return list_organization_posts(organization_id)

    return app
