"""Django REST framework: a permission for views.

>>> class PostView(APIView):
...     permission_classes = [requires(verifier, "read:posts")]
"""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from scopegate._guard import Answer, Guard, OrganizationOf
from scopegate.errors import ScopegateError
from scopegate.requirement import UNSET, ScopeRequirement, Unset
from scopegate.verifier import Verifier

__all__ = ["Refused", "requires"]


class Refused(APIException):
    """A refused request, as the framework knows it."""

    def __init__(self, answer: Answer, error: ScopegateError) -> None:
        super().__init__(error.message, error.code)
        self.status_code = answer.status
        # The framework's own exception handler answers with this, and makes headers of the other two.
        self.detail = answer.body  # type: ignore[assignment]
        self.auth_header = answer.headers.get("WWW-Authenticate")
        self.wait = error.retry_after
        self.error = error
        """Why."""


def requires(
    verifier: Verifier,
    scopes: ScopeRequirement | Unset = UNSET,
    *,
    organization: OrganizationOf[Request] | Unset = UNSET,
    optional: bool = False,
    realm: str | None = None,
    resource_metadata: str | None = None,
) -> type[BasePermission]:
    """A permission class that only requests with a valid access token have. The token is ``request.auth``.

    Others are answered at once: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials, 503 with
    ``Retry-After`` while the issuer's keys cannot be loaded.

    :param scopes: the scopes that a request needs.
    :param organization: the organization of the request, such as
        ``lambda request: request.parser_context["kwargs"]["id"]``; needed with the permission models of organizations,
        and only there.
    :param optional: lets requests without credentials pass, where ``request.auth`` is ``None``. A bad token is refused.
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

    class RequiresToken(BasePermission):
        def has_permission(self, request: Request, view: APIView) -> bool:
            value: Any = request.META.get("HTTP_AUTHORIZATION")
            try:
                request.auth = guard.admit_blocking([] if value is None else [value], request)
            except ScopegateError as refused:
                raise Refused(guard.answer(refused), refused) from refused
            return True

    return RequiresToken
