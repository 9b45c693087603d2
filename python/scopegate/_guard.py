"""What all adapters do with a request, whatever their framework calls it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, Union
from urllib.parse import urlsplit

from scopegate._challenge import challenge_of
from scopegate._core import AccessToken
from scopegate.errors import ScopegateError, config_error, host_error
from scopegate.requirement import UNSET, ScopeRequirement, Unset, all_of, checked_organization, is_unicode
from scopegate.verifier import Verifier

Source = TypeVar("Source")
"""What an organization is read from: the request, as the framework has it."""

Found = Union[str, None, Awaitable[Union[str, None]]]

OrganizationOf = Union[str, Callable[[Source], Found]]
"""The organization of a request: the same for all, or read from the request (path, host, header), never from the token.
Anything but a non-empty string is refused."""


@dataclass(frozen=True)
class Answer:
    """The answer to a request that is refused."""

    status: int
    headers: dict[str, str]
    body: dict[str, object]
    """``error``, ``error_description``, ``code``, and ``missing`` where scopes lack."""


class Guard(Generic[Source]):
    """Verifies requests by one verifier and one set of options.

    :raises ScopegateError: ``config_invalid``
    """

    def __init__(
        self,
        verifier: Verifier,
        *,
        scopes: ScopeRequirement | Unset,
        organization: OrganizationOf[Source] | Unset,
        optional: bool,
        realm: str | None,
        resource_metadata: str | None,
    ) -> None:
        if (verifier.permission_model == "resource") != (organization is UNSET):
            raise config_error(
                f'The permission model "{verifier.permission_model}" does not go with these options: organization.'
            )
        if not callable(organization):
            checked_organization(organization)
        if realm is not None and not re.fullmatch(r"[\x20-\x7e]+", realm):
            raise config_error("realm must be non-empty printable ASCII text.")
        if resource_metadata is not None and not _is_http_url(resource_metadata):
            raise config_error("resource_metadata must be an absolute http(s) URL.")
        self.verifier = verifier
        self._scopes = scopes
        self._organization = organization
        self._optional = optional
        self._realm = realm
        self._resource_metadata = resource_metadata
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.names(())

    async def admit(
        self, authorization: Sequence[str], source: Source, further: Sequence[str] = ()
    ) -> AccessToken | None:
        """The request's verified token; ``None`` if it has none and need not.

        :param authorization: the values of all ``Authorization`` headers.
        :param further: scopes that this request needs besides those of the guard.
        :raises ScopegateError: the refusal.
        """
        try:
            # Before the organization is looked for: who sends no token hears of that first.
            _insist(authorization)
            organization: object = self._organization
            if callable(organization):
                organization = organization(source)
                if inspect.isawaitable(organization):
                    organization = await organization
            return await self.verifier.aauthenticate(
                authorization, scopes=self._required(further), organization=_one(organization)
            )
        except ScopegateError as refused:
            self._excuse(refused)
            return None

    def admit_blocking(self, authorization: Sequence[str], source: Source) -> AccessToken | None:
        """As :meth:`admit`, for threads."""
        try:
            _insist(authorization)
            organization: object = self._organization
            if callable(organization):
                organization = organization(source)
            return self.verifier.authenticate(authorization, scopes=self._required(()), organization=_one(organization))
        except ScopegateError as refused:
            self._excuse(refused)
            return None

    def _excuse(self, refused: ScopegateError) -> None:
        if not (self._optional and refused.code == "token_missing"):
            raise refused

    def _required(self, further: Sequence[str]) -> ScopeRequirement | Unset:
        if not further:
            return self._scopes
        return all_of(*further) if isinstance(self._scopes, Unset) else all_of(self._scopes, *further)

    def names(self, further: Sequence[str]) -> tuple[str, ...]:
        """The scopes that somebody who has none would have to get.

        :raises ScopegateError: ``config_invalid`` for scopes that make no sense.
        """
        key = tuple(further)
        if key not in self._names:
            required = self._required(further)
            self._names[key] = () if isinstance(required, Unset) else self.verifier.scope_names(required)
        return self._names[key]

    def answer(self, error: ScopegateError, further: Sequence[str] = ()) -> Answer:
        """The answer to a refused request.

        :raises ScopegateError: the error itself when it is ``config_invalid``: that is for the server's own people.
        """
        if error.status is None:
            raise error
        headers = {"Cache-Control": "no-store"}
        challenge = challenge_of(error, self._realm, self._resource_metadata, self.names(further))
        if challenge is not None:
            headers["WWW-Authenticate"] = challenge
        if error.retry_after is not None:
            headers["Retry-After"] = str(max(1, error.retry_after))
        body: dict[str, object] = {
            "error": error.oauth_error or error.code,
            "error_description": error.message,
            "code": error.code,
        }
        if error.missing:
            body["missing"] = list(error.missing)
        return Answer(error.status, headers, body)


def _insist(authorization: Sequence[str]) -> None:
    if not authorization:
        raise host_error("token_missing", 'Send the header "Authorization: Bearer <access token>".')


def _one(organization: object) -> str | Unset:
    if organization is UNSET or (isinstance(organization, str) and organization and is_unicode(organization)):
        return organization
    raise host_error("request_invalid", "The request names no organization, or several.")


def _is_http_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return (
        url.scheme in ("http", "https") and bool(url.netloc) and bool(re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]+", text))
    )
