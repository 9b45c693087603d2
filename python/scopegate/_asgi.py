"""What FastAPI and Starlette have in common: connections, where their organization is, and how they are refused."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket

from scopegate._guard import Answer

AUTHORIZATION = "authorization"

_POLICY_VIOLATION = 1008
"""RFC 6455 section 7.4.1."""


def from_path(name: str) -> Callable[[HTTPConnection], str | None]:
    """The organization is the path parameter of this name."""

    def organization(connection: HTTPConnection) -> str | None:
        found: object = connection.path_params.get(name)
        return found if isinstance(found, str) else None

    return organization


def from_header(name: str) -> Callable[[HTTPConnection], str | None]:
    """The organization is the value of this header; several of them are refused."""

    def organization(connection: HTTPConnection) -> str | None:
        found = connection.headers.getlist(name)
        return found[0] if len(found) == 1 else None

    return organization


async def refuse(connection: HTTPConnection, answer: Answer) -> Response | None:
    """The response to a request. A WebSocket is sent it at once, instead of being accepted, and there is none."""
    response = JSONResponse(answer.body, status_code=answer.status, headers=answer.headers)
    if not isinstance(connection, WebSocket):
        return response
    # Not every server can answer a handshake with more than a refusal.
    if "websocket.http.response" in connection.scope.get("extensions", {}):
        await connection.send_denial_response(response)
    else:
        await connection.close(_POLICY_VIOLATION)
    return None
