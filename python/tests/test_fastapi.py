"""FastAPI behind a real uvicorn, with tokens of a real issuer."""

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any, Optional

import httpx
import pytest
import websockets
from fastapi import APIRouter, Depends, FastAPI, Security, WebSocket
from fastapi.testclient import TestClient

from scopegate import AccessToken, ScopegateError, Verifier, any_of
from scopegate.fastapi import RequireAuth, from_header, from_path, handle_refusals
from support.issuer import ACME, BLOG_API, GLOBEX, ORGANIZATION_API, Issuer
from support.server import serving

ORGANIZATION: dict[str, Any] = {"audience": ORGANIZATION_API, "permission_model": "organization-resource"}


def make_app(issuer: Issuer) -> FastAPI:
    app = FastAPI()
    handle_refusals(app)
    endpoint = issuer.endpoint
    auth = RequireAuth(endpoint=endpoint, audience=BLOG_API, realm="blog")
    optional = RequireAuth(auth.verifier, optional=True)
    in_path = RequireAuth(endpoint=endpoint, **ORGANIZATION, organization=from_path("organization_id"))
    in_header = RequireAuth(in_path.verifier, organization=from_header("x-organization"), scopes=any_of("read:posts"))

    async def looked_up(connection: Any) -> Optional[str]:
        return {"acme": ACME}.get(connection.query_params.get("name", ""))

    by_function = RequireAuth(in_path.verifier, organization=looked_up)

    @app.get("/posts")
    async def posts(token: Annotated[AccessToken, Security(auth, scopes=["read:posts"])]) -> dict[str, object]:
        return {"reader": token.subject, "machine": token.is_machine, "scopes": sorted(token.scopes)}

    @app.delete("/posts/{post_id}", status_code=204)
    def delete(post_id: str, token: Annotated[AccessToken, Security(auth, scopes=["delete:posts"])]) -> None:
        assert token.client_id

    @app.get("/me")
    async def me(token: Annotated[Optional[AccessToken], Depends(optional)]) -> Optional[str]:
        return token and token.subject

    @app.get("/organizations/{organization_id}/posts")
    async def theirs(token: Annotated[AccessToken, Security(in_path, scopes=["read:posts"])]) -> Optional[str]:
        return token.organization_id

    @app.get("/current")
    async def current(token: Annotated[AccessToken, Depends(in_header)]) -> Optional[str]:
        return token.organization_id

    @app.get("/named")
    async def named(token: Annotated[AccessToken, Depends(by_function)]) -> Optional[str]:
        return token.organization_id

    @app.websocket("/news")
    async def news(websocket: WebSocket, token: Annotated[AccessToken, Security(auth, scopes=["read:posts"])]) -> None:
        await websocket.accept()
        await websocket.send_text(token.subject)
        await websocket.close()

    return app


@pytest.fixture(scope="module")
def app(issuer: Issuer) -> FastAPI:
    return make_app(issuer)


@pytest.fixture(scope="module")
def api(app: FastAPI) -> Iterator[httpx.Client]:
    with serving(app) as url, httpx.Client(base_url=url) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def expect(response: Any, status: int, code: str, challenge: Optional[str] = None) -> None:
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["cache-control"] == "no-store"
    if challenge is not None:
        assert response.headers["www-authenticate"] == challenge


def test_scopes(api: httpx.Client, issuer: Issuer) -> None:
    viewer, admin = issuer.token("viewer"), issuer.token("admin")
    posts = api.get("/posts", headers=bearer(viewer))
    assert posts.json() == {"reader": "viewer000001", "machine": False, "scopes": ["read:posts"]}
    expect(
        api.delete("/posts/1", headers=bearer(viewer)),
        403,
        "scope_insufficient",
        'Bearer realm="blog", error="insufficient_scope", error_description="the token lacks a required scope", '
        'scope="delete:posts"',
    )
    refused = api.delete("/posts/1", headers=bearer(viewer)).json()
    assert refused == {
        "error": "insufficient_scope",
        "error_description": "the token lacks a required scope",
        "code": "scope_insufficient",
        "missing": ["delete:posts"],
    }
    assert api.delete("/posts/1", headers=bearer(admin)).status_code == 204
    assert api.get("/posts", headers=bearer(issuer.machine_token())).json()["machine"] is True


def test_credentials(api: httpx.Client, issuer: Issuer) -> None:
    expect(api.get("/posts"), 401, "token_missing", 'Bearer realm="blog", scope="read:posts"')
    expect(api.get("/posts", headers={"authorization": "Basic eDp5"}), 401, "token_missing")
    expect(api.get("/posts", headers={"authorization": "Bearer a b"}), 400, "request_invalid")
    expect(
        api.get("/posts", headers=[("authorization", "Bearer a"), ("authorization", "Bearer b")]),
        400,
        "request_invalid",
    )
    expect(api.get("/posts", headers=bearer(issuer.token("viewer", None))), 401, "token_opaque")
    expect(api.get("/posts", headers=bearer(issuer.token("admin", kind="id"))), 401, "token_type_mismatch")
    token = issuer.token("viewer")
    expect(api.get("/posts", headers=bearer(token[:-8] + "AAAAAAAA")), 401, "signature_invalid")


def test_optional(api: httpx.Client, issuer: Issuer) -> None:
    assert api.get("/me").json() is None
    assert api.get("/me", headers=bearer(issuer.token("viewer"))).json() == "viewer000001"
    expect(api.get("/me", headers=bearer("a.b.c")), 401, "token_malformed")


def test_organizations(api: httpx.Client, issuer: Issuer) -> None:
    token = bearer(issuer.token("viewer", ORGANIZATION_API, organization=ACME))
    assert api.get(f"/organizations/{ACME}/posts", headers=token).json() == ACME
    expect(api.get(f"/organizations/{GLOBEX}/posts", headers=token), 403, "organization_mismatch")
    expect(api.get(f"/organizations/{GLOBEX}/posts"), 401, "token_missing")
    assert api.get("/current", headers={**token, "x-organization": ACME}).json() == ACME
    expect(api.get("/current", headers={**token, "x-organization": GLOBEX}), 403, "organization_mismatch")
    expect(api.get("/current", headers=token), 400, "request_invalid")
    twice = [*token.items(), ("x-organization", ACME), ("x-organization", ACME)]
    expect(api.get("/current", headers=twice), 400, "request_invalid")
    assert api.get("/named", headers=token, params={"name": "acme"}).json() == ACME
    expect(api.get("/named", headers=token, params={"name": "unknown"}), 400, "request_invalid")


async def test_websockets(api: httpx.Client, issuer: Issuer) -> None:
    url = str(api.base_url).replace("http", "ws") + "/news"
    token = bearer(issuer.token("viewer"))
    async with websockets.connect(url, additional_headers=token) as socket:
        assert await socket.recv() == "viewer000001"
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(url, additional_headers=bearer(issuer.token("outsider")))
    assert refused.value.response.status_code == 403
    assert "insufficient_scope" in refused.value.response.headers["www-authenticate"]
    assert b'"scope_insufficient"' in refused.value.response.body


def test_each_dependency_of_a_request_demands_its_own_scopes(issuer: Issuer) -> None:
    """FastAPI calls a dependency once for a request: a check of fewer scopes must not stand for one of more."""
    auth = RequireAuth(endpoint=issuer.endpoint, audience=BLOG_API)
    optional = RequireAuth(auth.verifier, optional=True)
    app = FastAPI(dependencies=[Depends(auth), Depends(optional)])
    handle_refusals(app)

    async def reader(token: Annotated[AccessToken, Security(auth, scopes=["read:posts"])]) -> AccessToken:
        return token

    async def nested(token: Annotated[AccessToken, Depends(reader)]) -> str:
        return token.subject

    app.get("/inherited", dependencies=[Depends(reader), Security(reader, scopes=["delete:posts"])])(nested)
    app.get("/beside", dependencies=[Depends(reader), Security(auth, scopes=["delete:posts"])])(nested)
    app.get("/optional", dependencies=[Security(optional, scopes=["delete:posts"])])(nested)
    router = APIRouter(dependencies=[Security(auth, scopes=["delete:posts"])])
    router.get("/routed")(nested)
    app.include_router(router)
    client = TestClient(app)
    for path in ("/inherited", "/beside", "/optional", "/routed"):
        expect(client.get(path, headers=bearer(issuer.token("viewer"))), 403, "scope_insufficient")
        assert client.get(path, headers=bearer(issuer.token("admin"))).status_code == 200, path


def test_openapi_shows_the_scheme_and_the_scopes(app: FastAPI) -> None:
    document = app.openapi()
    scheme = document["components"]["securitySchemes"]["Logto"]
    assert scheme == {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    assert document["paths"]["/posts"]["get"]["security"] == [{"Logto": ["read:posts"]}]
    assert document["paths"]["/posts/{post_id}"]["delete"]["security"] == [{"Logto": ["delete:posts"]}]


def test_without_the_handler_the_fields_are_the_detail(issuer: Issuer) -> None:
    app = FastAPI()
    auth = RequireAuth(endpoint=issuer.endpoint, audience=BLOG_API)

    @app.get("/")
    async def root(token: Annotated[AccessToken, Depends(auth)]) -> str:
        return token.subject

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.json()["detail"]["code"]) == (401, "token_missing")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_rotation_outage_and_floods(issuer: Issuer) -> None:
    """One after the other, on hosts without keys, because they change the world."""
    with serving(make_app(issuer)) as url, httpx.Client(base_url=url) as api:
        before = issuer.fetches
        old = issuer.token("viewer")
        assert api.get("/posts", headers=bearer(old)).status_code == 200
        issuer.rotate("RS256")
        new = issuer.token("viewer")
        assert api.get("/posts", headers=bearer(new)).status_code == 200
        assert issuer.fetches == before + 2
        header, payload, signature = new.split(".")
        for number in range(100):
            other = httpx_kid(header, number)
            expect(api.get("/posts", headers=bearer(f"{other}.{payload}.{signature}")), 401, "key_not_found")
        assert issuer.fetches == before + 2
        issuer.stop()
        try:
            assert api.get("/posts", headers=bearer(new)).status_code == 200
            with serving(make_app(issuer)) as cold_url, httpx.Client(base_url=cold_url) as cold:
                refused = cold.get("/posts", headers=bearer(new))
                expect(refused, 503, "keys_unavailable")
                assert int(refused.headers["retry-after"]) >= 1
                assert "www-authenticate" not in refused.headers
        finally:
            issuer.start()


def httpx_kid(header: str, number: int) -> str:
    """The header with another key id."""
    import base64
    import json

    members = json.loads(base64.urlsafe_b64decode(header + "=="))
    text = json.dumps({**members, "kid": f"unknown-{number}"}).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


async def test_a_thousand_requests_at_a_cold_start_cause_one_fetch(issuer: Issuer) -> None:
    token = bearer(issuer.token("viewer"))

    async def status(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"GET /posts HTTP/1.1\r\nhost: api\r\nauthorization: {token['authorization']}\r\nconnection: close\r\n\r\n"
        )
        writer.write(head.encode())
        answer = await reader.read()
        writer.close()
        return answer.split(b" ", 2)[1]

    with serving(make_app(issuer)) as url:
        before = issuer.fetches
        port = int(url.rpartition(":")[2])
        assert await asyncio.gather(*(status(port) for _ in range(1000))) == [b"200"] * 1000
        assert issuer.fetches == before + 1


def refuse(**options: Any) -> str:
    with pytest.raises(ScopegateError) as refused:
        RequireAuth(**options)
    assert refused.value.code == "config_invalid"
    return refused.value.hint


def test_options_are_checked_when_it_is_made() -> None:
    good = {"endpoint": "https://tenant.logto.app", "audience": BLOG_API}
    assert "organization" in refuse(**good, organization="acme")
    assert "organization" in refuse(**{**good, **ORGANIZATION})
    assert "organization" in refuse(**{**good, **ORGANIZATION}, organization="")
    assert "realm" in refuse(**good, realm="a\nb")
    assert "resource_metadata" in refuse(**good, resource_metadata="/relative")
    assert "audience" in refuse(verifier=Verifier(endpoint=good["endpoint"], audience=BLOG_API), audience=BLOG_API)
    assert "audience_s" in refuse(**good, audience_s=BLOG_API)
    assert "whitespace" in refuse(**good, scopes="a b")
    assert "None" in refuse(**{**good, "audience": None})
