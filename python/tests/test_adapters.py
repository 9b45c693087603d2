"""The page-sized adapters: Starlette, Flask and Django REST framework."""

from __future__ import annotations

from typing import Any

import django
import flask
import pytest
from django.conf import settings
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

import scopegate.flask
import scopegate.starlette
from scopegate import Verifier
from support.tenant import AUDIENCE, ENDPOINT, KEY, Clock

SETTINGS: dict[str, Any] = {"endpoint": ENDPOINT, "audience": AUDIENCE, "jwks": {"keys": [KEY.jwk]}, "clock": Clock()}
VERIFIER = Verifier(**SETTINGS)
ORGANIZATIONS = Verifier(**SETTINGS, permission_model="organization-resource")


def bearer(**claims: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {KEY.token(**claims)}"}


LACKING = (
    'Bearer error="insufficient_scope", error_description="the token lacks a required scope", scope="delete:posts"'
)


def starlette_app() -> Starlette:
    @scopegate.starlette.requires(VERIFIER, "read:posts")
    async def posts(request: Request) -> Response:
        return JSONResponse(request.auth.subject)

    @scopegate.starlette.requires(VERIFIER, "delete:posts")
    def delete(request: Request) -> Response:
        return Response(status_code=204)

    @scopegate.starlette.requires(
        ORGANIZATIONS, organization=scopegate.starlette.from_path("organization"), optional=True
    )
    async def members(request: Request) -> Response:
        return JSONResponse(request.auth and request.auth.organization_id)

    @scopegate.starlette.requires(VERIFIER)
    async def news(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.auth.subject)
        await websocket.close()

    class Drafts(HTTPEndpoint):
        @scopegate.starlette.requires(VERIFIER, "write:posts")
        async def get(self, request: Request) -> Response:
            return JSONResponse(sorted(request.auth.scopes))

    return Starlette(
        routes=[
            Route("/posts", posts),
            Route("/posts/{id}", delete, methods=["DELETE"]),
            Route("/organizations/{organization}", members),
            Route("/drafts", Drafts),
            WebSocketRoute("/news", news),
        ]
    )


def test_starlette() -> None:
    client = TestClient(starlette_app())
    assert client.get("/posts", headers=bearer()).json() == "w2k7dq3hz9ab"
    refused = client.delete("/posts/1", headers=bearer())
    assert (refused.status_code, refused.json()["missing"]) == (403, ["delete:posts"])
    assert refused.headers["www-authenticate"] == LACKING
    assert client.delete("/posts/1", headers=bearer(scope="delete:posts")).status_code == 204
    assert client.get("/organizations/acme", headers=bearer(organization_id="acme")).json() == "acme"
    assert client.get("/organizations/acme").json() is None
    assert client.get("/organizations/acme", headers=bearer()).json()["code"] == "organization_missing"
    assert client.get("/drafts", headers=bearer()).json() == ["read:posts", "write:posts"]
    assert client.get("/drafts").headers["www-authenticate"] == 'Bearer scope="write:posts"'


def test_starlette_under_fastapi() -> None:
    """FastAPI gives arguments by name."""
    app = FastAPI()

    @app.get("/posts")
    @scopegate.starlette.requires(VERIFIER, "read:posts")
    async def posts(request: Request) -> str:
        return str(request.auth.subject)

    assert TestClient(app).get("/posts", headers=bearer()).json() == "w2k7dq3hz9ab"
    assert TestClient(app).get("/posts", headers=bearer(scope="")).status_code == 403


def test_starlette_websockets() -> None:
    client = TestClient(starlette_app())
    with client.websocket_connect("/news", headers=bearer()) as socket:
        assert socket.receive_text() == "w2k7dq3hz9ab"
    with pytest.raises(WebSocketDenialResponse) as denied, client.websocket_connect("/news"):
        pass
    assert (denied.value.status_code, denied.value.json()["code"]) == (401, "token_missing")


def test_flask() -> None:
    app = flask.Flask(__name__)

    @app.get("/posts")
    @scopegate.flask.requires(VERIFIER, "read:posts")
    def posts() -> Any:
        return flask.jsonify(flask.g.auth.subject)

    @app.delete("/posts/<post_id>")
    @scopegate.flask.requires(VERIFIER, "delete:posts")
    def delete(post_id: str) -> Any:
        return "", 204

    @app.get("/organizations/<organization>")
    @scopegate.flask.requires(
        ORGANIZATIONS, organization=lambda request: (request.view_args or {})["organization"], optional=True
    )
    def members(organization: str) -> Any:
        return flask.jsonify(flask.g.auth and flask.g.auth.organization_id)

    client = app.test_client()
    assert client.get("/posts", headers=bearer()).json == "w2k7dq3hz9ab"
    refused = client.delete("/posts/1", headers=bearer())
    assert (refused.status_code, (refused.json or {})["missing"]) == (403, ["delete:posts"])
    assert refused.headers["www-authenticate"] == LACKING
    assert client.get("/organizations/acme", headers=bearer(organization_id="acme")).json == "acme"
    assert client.get("/organizations/globex", headers=bearer(organization_id="acme")).status_code == 403
    assert client.get("/organizations/acme").json is None
    assert (client.get("/posts").json or {})["code"] == "token_missing"


def test_django_rest_framework() -> None:
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
    )
    django.setup()
    from rest_framework.response import Response as RestResponse
    from rest_framework.test import APIRequestFactory
    from rest_framework.views import APIView

    from scopegate.rest_framework import requires

    class Posts(APIView):
        permission_classes = [requires(VERIFIER, "read:posts")]  # noqa: RUF012

        def get(self, request: Any) -> RestResponse:
            return RestResponse(request.auth.subject)

    class Deletion(APIView):
        permission_classes = [requires(VERIFIER, "delete:posts")]  # noqa: RUF012

    class Cold(APIView):
        permission_classes = [requires(unreachable())]  # noqa: RUF012

    factory = APIRequestFactory()

    def get(view: Any, **headers: str) -> Any:
        return view.as_view()(factory.get("/", headers=headers))

    assert get(Posts, **bearer()).data == "w2k7dq3hz9ab"
    refused = get(Deletion, **bearer())
    assert (refused.status_code, refused.data["missing"]) == (403, ["delete:posts"])
    assert refused.headers["www-authenticate"] == LACKING
    anonymous = get(Posts)
    assert (anonymous.status_code, anonymous.data["code"]) == (401, "token_missing")
    outage = get(Cold, **bearer())
    assert (outage.status_code, outage.data["code"]) == (503, "keys_unavailable")
    assert int(outage.headers["retry-after"]) >= 1


def unreachable() -> Verifier:
    def fetch(_address: str) -> bytes:
        raise OSError("unreachable")

    return Verifier(endpoint=ENDPOINT, audience=AUDIENCE, clock=Clock(), fetch=fetch)
