"""FastAPI: a security dependency that OpenAPI shows, with the scopes of each route.

>>> auth = RequireAuth(endpoint="https://tenant.logto.app", audience="https://api.yourapp.com")
>>> Authorized = Annotated[AccessToken, Security(auth, scopes=["read:posts"])]
"""

# No annotations from the future: FastAPI reads those of a dependency, and not every version of it finds their names.

from typing import TYPE_CHECKING, Any, Optional, Union

from fastapi import FastAPI
from fastapi.exceptions import HTTPException
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from scopegate._asgi import AUTHORIZATION, from_header, from_path, refuse
from scopegate._core import AccessToken
from scopegate._guard import Answer, Guard, OrganizationOf
from scopegate.errors import ScopegateError, config_error
from scopegate.options import VerifierOptions
from scopegate.requirement import UNSET, ScopeRequirement, Unset
from scopegate.verifier import Verifier

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Refused", "RequireAuth", "from_header", "from_path", "handle_refusals"]


class Refused(HTTPException):
    """A refused request, as FastAPI knows it: with status, challenge, and the fields of the body as ``detail``."""

    def __init__(self, answer: Answer, error: ScopegateError) -> None:
        super().__init__(answer.status, detail=answer.body, headers=answer.headers)
        self.answer = answer
        self.error = error
        """Why."""


class RequireAuth(SecurityBase):
    """A dependency that gives the verified :class:`scopegate.AccessToken` of a request or a WebSocket.

    Use it by ``Security(auth, scopes=["read:posts"])``: all of these scopes are needed, and shown in the OpenAPI
    document. Others are refused: 401 or 403 with a challenge (RFC 6750), 400 for malformed credentials,
    503 with ``Retry-After`` while the issuer's keys cannot be loaded.

    :param verifier: a verifier to share between several; or give its options instead, see :class:`VerifierOptions`.
    :param scopes: scopes that every request needs, besides those of the route.
    :param organization: the organization of the request, such as ``from_path("organization_id")``; needed with the
        permission models of organizations, and only there.
    :param optional: lets requests without credentials pass, with ``None``. A bad token is refused all the same.
    :param realm: the protection space that the challenge names (RFC 9110 section 11.5).
    :param resource_metadata: the address of the protected resource metadata (RFC 9728 section 5.1).
    :param scheme_name: its name in the OpenAPI document.
    :param description: its description there.
    :raises ScopegateError: ``config_invalid``
    """

    def __init__(
        self,
        verifier: Optional[Verifier] = None,
        *,
        scopes: Union[ScopeRequirement, Unset] = UNSET,
        organization: Union[OrganizationOf[HTTPConnection], Unset] = UNSET,
        optional: bool = False,
        realm: Optional[str] = None,
        resource_metadata: Optional[str] = None,
        scheme_name: str = "Logto",
        description: Optional[str] = None,
        **options: "Unpack[VerifierOptions]",
    ) -> None:
        if verifier is not None and options:
            raise config_error(f"Give a verifier or its options, not both: {', '.join(options)}.")
        self.verifier = Verifier(**options) if verifier is None else verifier
        self._guard = Guard[HTTPConnection](
            self.verifier,
            scopes=scopes,
            organization=organization,
            optional=optional,
            realm=realm,
            resource_metadata=resource_metadata,
        )
        self.model = HTTPBearerModel(bearerFormat="JWT", description=description)
        self.scheme_name = scheme_name

    async def __call__(self, connection: HTTPConnection, security_scopes: SecurityScopes) -> Optional[AccessToken]:
        """What FastAPI calls for each request."""
        further = security_scopes.scopes
        try:
            return await self._guard.admit(connection.headers.getlist(AUTHORIZATION), connection, further)
        except ScopegateError as refused:
            raise Refused(self._guard.answer(refused, further), refused) from refused


def handle_refusals(app: FastAPI) -> None:
    """Makes the application answer refused requests with a body of ``error``, ``error_description`` and ``code`` (and
    ``missing``), as scopegate does with every other framework. Otherwise FastAPI puts them into ``detail``."""
    app.add_exception_handler(Refused, _respond)


async def _respond(connection: HTTPConnection, refused: Any) -> Any:
    return await refuse(connection, refused.answer)
