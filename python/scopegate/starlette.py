"""Starlette: a decorator for endpoints.

>>> @requires(verifier, "read:posts")
... async def posts(request): ...
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from scopegate._asgi import AUTHORIZATION, from_header, from_path, refuse
from scopegate._guard import Guard, OrganizationOf
from scopegate.errors import ScopegateError
from scopegate.requirement import UNSET, ScopeRequirement, Unset
from scopegate.verifier import Verifier

__all__ = ["from_header", "from_path", "requires"]

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def requires(
    verifier: Verifier,
    scopes: ScopeRequirement | Unset = UNSET,
    *,
    organization: OrganizationOf[HTTPConnection] | Unset = UNSET,
    optional: bool = False,
    realm: str | None = None,
    resource_metadata: str | None = None,
) -> Callable[[Endpoint], Endpoint]:
    """Decorates a function endpoint, or a method of a class endpoint, so that only requests (or WebSockets) with a
    valid access token reach it. The token is ``request.auth``.

    Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
    ``Retry-After`` while the issuer's keys cannot be loaded.

    :param scopes: the scopes that a request needs.
    :param organization: the organization of the request, such as ``from_path("organization_id")``; needed with the
        permission models of organizations, and only there.
    :param optional: lets requests without credentials pass, where ``request.auth`` is ``None``. A bad token is refused.
    :param realm: the protection space that the challenge names (RFC 9110 section 11.5).
    :param resource_metadata: the address of the protected resource metadata (RFC 9728 section 5.1).
    :raises ScopegateError: ``config_invalid``
    """
    guard = Guard[HTTPConnection](
        verifier,
        scopes=scopes,
        organization=organization,
        optional=optional,
        realm=realm,
        resource_metadata=resource_metadata,
    )

    def decorate(endpoint: Endpoint) -> Endpoint:
        @functools.wraps(endpoint)
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            connection = _connection((*args, *kwargs.values()))
            try:
                token = await guard.admit(connection.headers.getlist(AUTHORIZATION), connection)
            except ScopegateError as refused:
                return await refuse(connection, guard.answer(refused))
            connection.scope["auth"] = token
            if inspect.iscoroutinefunction(endpoint):
                return await cast("Awaitable[Any]", endpoint(*args, **kwargs))
            return await run_in_threadpool(endpoint, *args, **kwargs)

        return cast("Endpoint", guarded)

    return decorate


def _connection(arguments: tuple[Any, ...]) -> HTTPConnection:
    """The request or WebSocket: the first argument, or the one after ``self``; by name where FastAPI calls."""
    return next(cast("HTTPConnection", argument) for argument in arguments if isinstance(argument, HTTPConnection))
