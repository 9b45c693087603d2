"""Flask: a decorator for views.

>>> @app.get("/posts")
... @requires(verifier, "read:posts")
... def posts(): ...
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Request, Response, current_app, g, jsonify, request

from scopegate._guard import Guard, OrganizationOf
from scopegate.errors import ScopegateError
from scopegate.requirement import UNSET, ScopeRequirement, Unset
from scopegate.verifier import Verifier

__all__ = ["requires"]

View = TypeVar("View", bound=Callable[..., Any])


def requires(
    verifier: Verifier,
    scopes: ScopeRequirement | Unset = UNSET,
    *,
    organization: OrganizationOf[Request] | Unset = UNSET,
    optional: bool = False,
    realm: str | None = None,
    resource_metadata: str | None = None,
) -> Callable[[View], View]:
    """Decorates a view so that only requests with a valid access token reach it. The token is ``flask.g.auth``.

    Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
    ``Retry-After`` while the issuer's keys cannot be loaded.

    :param scopes: the scopes that a request needs.
    :param organization: the organization of the request, such as ``lambda request: request.view_args["id"]``; needed
        with the permission models of organizations, and only there.
    :param optional: lets requests without credentials pass, where ``g.auth`` is ``None``. A bad token is refused.
    :param realm: the protection space that the challenge names (RFC 9110 section 11.5).
    :param resource_metadata: the address of the protected resource metadata (RFC 9728 section 5.1).
    :raises ScopegateError: ``config_invalid``
    """
    guard = Guard[Request](
        verifier,
        scopes=scopes,
        organization=organization,
        optional=optional,
        realm=realm,
        resource_metadata=resource_metadata,
    )

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                g.auth = guard.admit_blocking(_authorization(request), request)
            except ScopegateError as refused:
                return _response(guard, refused)
            return current_app.ensure_sync(view)(*args, **kwargs)

        return cast("View", guarded)

    return decorate


def _authorization(received: Request) -> list[str]:
    """WSGI has joined several headers already."""
    value = received.headers.get("Authorization")
    return [] if value is None else [value]


def _response(guard: Guard[Request], refused: ScopegateError) -> Response:
    answer = guard.answer(refused)
    response = jsonify(answer.body)
    response.status_code = answer.status
    response.headers.update(answer.headers)
    return response
