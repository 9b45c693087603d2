"""What FastAPI and Starlette have in common: connections, where their organization is, and how they are refused."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse

from scopegate._guard import Answer

AUTHORIZATION = "authorization"


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


def response_to(answer: Answer) -> JSONResponse:
    """The answer as a response; to a WebSocket's handshake it is sent instead of accepting it."""
    return JSONResponse(answer.body, status_code=answer.status, headers=answer.headers)
