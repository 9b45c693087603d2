"""The challenge of a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scopegate import _core

if TYPE_CHECKING:
    from scopegate.errors import ScopegateError


def challenge_of(
    error: ScopegateError, realm: str | None, resource_metadata: str | None, scopes: Sequence[str]
) -> str | None:
    """The value of ``WWW-Authenticate``, or ``None`` where no challenge applies."""
    return _core.challenge(error.code, error.missing, realm, resource_metadata, scopes)
