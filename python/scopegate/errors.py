"""The one error, with a stable code for every reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from scopegate import _core
from scopegate._names import in_python

if TYPE_CHECKING:
    from scopegate._core import Refusal

__all__ = ["ErrorCode", "OAuthError", "ScopegateError"]

ErrorCode = Literal[
    "token_missing",
    "request_invalid",
    "token_malformed",
    "token_too_large",
    "token_opaque",
    "token_personal",
    "token_subject",
    "token_encrypted",
    "token_type_mismatch",
    "algorithm_not_allowed",
    "critical_header_unsupported",
    "key_not_found",
    "key_mismatch",
    "signature_invalid",
    "claim_missing",
    "claim_invalid",
    "issuer_mismatch",
    "audience_mismatch",
    "client_not_allowed",
    "token_expired",
    "token_not_yet_valid",
    "token_issued_in_future",
    "token_too_old",
    "organization_unexpected",
    "organization_missing",
    "organization_mismatch",
    "actor_not_allowed",
    "confirmation_unsupported",
    "scope_insufficient",
    "keys_unavailable",
    "config_invalid",
    "internal",
]
"""Why a token, a request or a configuration is refused. The same codes in every language scopegate speaks."""

OAuthError = Literal["invalid_request", "invalid_token", "insufficient_scope"]
"""The ``error`` parameter of a Bearer challenge (RFC 6750 section 3.1)."""


class ScopegateError(Exception):
    """Every refusal. Neither the message nor any attribute contains the token."""

    code: ErrorCode
    """The stable reason; decide by this, never by the message."""
    status: int | None
    """The HTTP status to answer with; ``None`` for ``config_invalid``, which is no answer to a request."""
    oauth_error: OAuthError | None
    """The ``error`` of a Bearer challenge, or ``None`` where none applies."""
    message: str
    """One line that says what is wrong, without any data of the token."""
    hint: str
    """For the developer: the likely cause and the remedy."""
    claim: str | None
    """The claim or header parameter the error is about."""
    expected: str | None
    """What was expected."""
    actual: str | None
    """What was there instead, cut to a safe length. Comes from the token, so treat it as untrusted text."""
    missing: tuple[str, ...]
    """The scopes that lack, for ``scope_insufficient``."""
    retry_after: int | None
    """Seconds until another attempt makes sense, for ``keys_unavailable``."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.code = cast("ErrorCode", refusal.code)
        self.status = refusal.status
        self.oauth_error = cast("OAuthError | None", refusal.oauth_error)
        self.message = refusal.message
        self.hint = in_python(refusal.hint)
        self.claim = refusal.claim
        self.expected = refusal.expected
        self.actual = refusal.actual
        self.missing = tuple(refusal.missing)
        self.retry_after = refusal.retry_after

    def __str__(self) -> str:
        # A configuration is the developer's own: the hint says which option is wrong.
        if self.code == "config_invalid":
            return f"{self.code}: {self.hint}"
        return f"{self.code}: {self.message}" + (f" ({self.claim})" if self.claim else "")

    def __reduce__(self) -> tuple[Any, ...]:
        return _blank, (), self.__dict__


def _blank() -> ScopegateError:
    return ScopegateError(_core.refusal("internal"))


def host_error(code: ErrorCode, hint: str, retry_after: int | None = None) -> ScopegateError:
    """Makes an error that is found before or after the core, in the words of the core's table."""
    error = ScopegateError(_core.refusal(code, hint, retry_after))
    error.hint = hint  # It may quote a name that only looks like one of the core's.
    return error


def config_error(hint: str) -> ScopegateError:
    """A ``config_invalid`` error; ``hint`` names the option and says what is wrong with it."""
    return host_error("config_invalid", hint)
