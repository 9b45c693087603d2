"""The verifier of access tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from scopegate import _core
from scopegate._challenge import challenge_of
from scopegate._loader import Loader, asking
from scopegate.errors import ScopegateError, host_error
from scopegate.options import ACCESS_OPTIONS, PermissionModel, VerifierOptions, split
from scopegate.report import Report, read_report
from scopegate.requirement import UNSET, ScopeRequirement, Unset, checked_organization, compiled

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Verifier"]


class Verifier:
    """Verifies access tokens. Keep one per API and process: it holds the issuer's keys.

    It may be used by any number of threads and event loops; they share the keys, and one fetch at a time. The methods
    whose names begin with ``a`` are for coroutines and never block the event loop; the others are for threads.

    Every method refuses with a :class:`ScopegateError`; its ``code`` says why.

    :raises ScopegateError: ``config_invalid`` for options that are missing, unknown, empty or contradictory.
    """

    def __init__(self, **options: Unpack[VerifierOptions]) -> None:
        made = split(options, ACCESS_OPTIONS, "access")
        self._loader = Loader(made)
        self._permission_model: PermissionModel = cast("PermissionModel", made.permission_model)

    @property
    def permission_model(self) -> PermissionModel:
        """Which of Logto's permission models the tokens follow."""
        return self._permission_model

    def verify(
        self, token: str, *, scopes: ScopeRequirement | Unset = UNSET, organization: str | Unset = UNSET
    ) -> _core.AccessToken:
        """Verifies a token, and loads or refreshes the issuer's keys when that is needed.

        On the thread of a running event loop it does not wait for keys: then it starts the fetch and refuses with
        ``keys_unavailable``.

        :param scopes: the scopes the token must hold. Without it any valid token will do.
        :param organization: the id of the organization that the request is about: needed with the permission models of
            organizations, and only there. Take it from the request, never from the token.
        :raises ScopegateError: the refusal; ``config_invalid`` for a bad requirement.
        """
        ask = asking(_text(token), compiled(scopes), checked_organization(organization))
        return cast("_core.AccessToken", self._loader.settle(ask))

    async def averify(
        self, token: str, *, scopes: ScopeRequirement | Unset = UNSET, organization: str | Unset = UNSET
    ) -> _core.AccessToken:
        """As :meth:`verify`, for coroutines."""
        ask = asking(_text(token), compiled(scopes), checked_organization(organization))
        return cast("_core.AccessToken", await self._loader.settle_async(ask))

    def authenticate(
        self,
        authorization: str | Sequence[str] | None,
        *,
        scopes: ScopeRequirement | Unset = UNSET,
        organization: str | Unset = UNSET,
    ) -> _core.AccessToken:
        """Takes the bearer token from the value of an ``Authorization`` header, and verifies it.

        :param authorization: the value; ``None`` when there is no such header; a list when there may be several.
        :raises ScopegateError: any code but ``config_invalid`` for a good requirement.
        """
        return self.verify(_bearer(authorization), scopes=scopes, organization=organization)

    async def aauthenticate(
        self,
        authorization: str | Sequence[str] | None,
        *,
        scopes: ScopeRequirement | Unset = UNSET,
        organization: str | Unset = UNSET,
    ) -> _core.AccessToken:
        """As :meth:`authenticate`, for coroutines."""
        return await self.averify(_bearer(authorization), scopes=scopes, organization=organization)

    def explain(
        self, token: str, *, scopes: ScopeRequirement | Unset = UNSET, organization: str | Unset = UNSET
    ) -> Report:
        """Examines a token step by step, however bad it is.

        :raises ScopegateError: only ``config_invalid`` for a bad requirement, and ``internal``.
        """
        required, member, text = compiled(scopes), checked_organization(organization), _any_text(token)
        return read_report(self._loader.settle(lambda core, now: core.explain(text, required, member, now)))

    async def aexplain(
        self, token: str, *, scopes: ScopeRequirement | Unset = UNSET, organization: str | Unset = UNSET
    ) -> Report:
        """As :meth:`explain`, for coroutines."""
        required, member, text = compiled(scopes), checked_organization(organization), _any_text(token)
        return read_report(await self._loader.settle_async(lambda core, now: core.explain(text, required, member, now)))

    def preload(self) -> None:
        """Loads the key set, so that the first request need not wait.

        :raises ScopegateError: ``keys_unavailable``
        """
        self._loader.settle(lambda core, now: core.preload(now))

    async def apreload(self) -> None:
        """As :meth:`preload`, for coroutines."""
        await self._loader.settle_async(lambda core, now: core.preload(now))

    def require_scopes(self, token: _core.AccessToken, scopes: ScopeRequirement) -> None:
        """Checks further scopes on a token that this verifier accepted; ``implied_scopes`` count.

        :raises ScopegateError: ``scope_insufficient``, with ``missing``.
        """
        self._check_scopes(token.scopes, scopes)

    def scope_names(self, scopes: ScopeRequirement) -> tuple[str, ...]:
        """The scopes that somebody who has none would have to get.

        :raises ScopegateError: ``config_invalid``
        """
        try:
            self._check_scopes(frozenset(), scopes)
        except ScopegateError as refused:
            if refused.code == "scope_insufficient":
                return refused.missing
            raise
        return ()

    def _check_scopes(self, granted: frozenset[str], scopes: ScopeRequirement) -> None:
        refusal = self._loader.core.check_scopes(compiled(scopes), granted)
        if refusal is not None:
            raise ScopegateError(refusal)

    def challenge(
        self,
        error: ScopegateError,
        *,
        realm: str | None = None,
        resource_metadata: str | None = None,
        scopes: Sequence[str] = (),
    ) -> str | None:
        """The ``WWW-Authenticate`` value for a refusal (RFC 6750 section 3); ``None`` where none applies (503, 500).

        :param realm: the protection space (RFC 9110 section 11.5).
        :param resource_metadata: the address of the protected resource metadata (RFC 9728 section 5.1).
        :param scopes: the scopes that the resource needs. ``scope_insufficient`` names those that lack instead.
        """
        return challenge_of(error, realm, resource_metadata, scopes)


def _bearer(authorization: str | Sequence[str] | None) -> str:
    """Several headers are joined as HTTP joins them, for the core to refuse."""
    if authorization is not None and not isinstance(authorization, str):
        authorization = ", ".join(_values(authorization)) if authorization else None
    found = _core.bearer_token(authorization)
    if isinstance(found, _core.Refusal):
        raise ScopegateError(found)
    return found


def _values(authorization: object) -> list[str]:
    values = cast("Sequence[object]", authorization if isinstance(authorization, Sequence) else [authorization])
    if all(isinstance(value, str) for value in values):
        return cast("list[str]", list(values))
    raise host_error("request_invalid", "Give the value of the header as a str, or several as a list.")


def _text(token: object) -> str:
    if isinstance(token, str):
        return token
    raise host_error("token_malformed", "Give the token as a str.")


def _any_text(token: object) -> str:
    return token if isinstance(token, str) else ""
