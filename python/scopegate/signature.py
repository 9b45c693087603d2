"""The bare signature step (RFC 7515), for those who have something else than an access token."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from scopegate import _core
from scopegate.errors import ScopegateError, config_error, host_error
from scopegate.requirement import is_unicode

__all__ = ["VerifiedSignature", "verify_signature"]


@dataclass(frozen=True)
class VerifiedSignature:
    """A JWS whose signature holds. Nothing else about it was checked: no issuer, no audience, no lifetime."""

    header: Mapping[str, Any]
    """The protected header."""
    payload: bytes
    """The payload: any bytes, not necessarily JSON."""


def verify_signature(
    token: str, jwks: Mapping[str, Any], *, algorithms: Sequence[str] | None = None
) -> VerifiedSignature:
    """Checks the signature of a JWS in compact serialization, and no claims.

    :param token: the JWS.
    :param jwks: the key set (RFC 7517 section 5).
    :param algorithms: those allowed. Default ES384, RS256, ES256, ES512, PS256.
    :raises ScopegateError: from ``token_malformed`` to ``signature_invalid``; ``config_invalid``.
    """
    checked: object = token
    if not isinstance(checked, str):
        raise host_error("token_malformed", "Give the token as a str.")
    if algorithms is not None and not _are_names(algorithms):
        raise config_error("algorithms: a list of names.")
    try:
        keys = json.dumps(dict(jwks))
    except (TypeError, ValueError, RecursionError):
        raise config_error('jwks must be a key set: {"keys": [...]}.') from None
    verified = _core.verify_signature(checked, keys, None if algorithms is None else list(algorithms))
    if isinstance(verified, _core.Refusal):
        raise ScopegateError(verified)
    return VerifiedSignature(*verified)


def _are_names(given: object) -> bool:
    if isinstance(given, str) or not isinstance(given, Sequence):
        return False
    return all(isinstance(name, str) and is_unicode(name) for name in cast("Sequence[object]", given))
