"""The names of the core's options and of Python's, which differ in how they join words."""

from __future__ import annotations

import re

KEY_REFRESH = {
    "ttl": "ttl",
    "cooldown": "cooldown",
    "stale_for": "staleFor",
    "min_backoff": "minBackoff",
    "max_backoff": "maxBackoff",
    "lease": "lease",
}

OPTIONS = {
    "endpoint": "endpoint",
    "issuer": "issuer",
    "audience": "audience",
    "permission_model": "permissionModel",
    "jwks_uri": "jwksUri",
    "jwks": "jwks",
    "algorithms": "algorithms",
    "typ": "typ",
    "clock_tolerance": "clockTolerance",
    "max_token_age": "maxTokenAge",
    "client_ids": "clientIds",
    "client_id": "clientId",
    "actor": "actor",
    "implied_scopes": "impliedScopes",
    "max_token_length": "maxTokenLength",
    "key_refresh": "keyRefresh",
}
"""The core's options by their names in Python."""

_IN_PYTHON = {core: python for python, core in {**OPTIONS, **KEY_REFRESH, "all_of": "allOf", "any_of": "anyOf"}.items()}
_CORE_NAMES = re.compile(r"\b(" + "|".join(name for name in _IN_PYTHON if not name.islower()) + r")\b")


def in_python(text: str) -> str:
    """A text of the core, with the names as they are in Python."""
    return _CORE_NAMES.sub(lambda found: _IN_PYTHON[found[0]], text)
