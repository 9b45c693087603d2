"""What a verifier is told."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Union, cast

from scopegate._names import KEY_REFRESH, OPTIONS
from scopegate.errors import config_error

__all__ = ["IdTokenOptions", "KeyRefresh", "PermissionModel", "TokenCache", "VerifierOptions"]

PermissionModel = Literal["resource", "organization-resource", "organization"]
"""Logto's three ways of giving permissions."""

_OneOrMany = Union[str, Sequence[str]]


class KeyRefresh(TypedDict, total=False):
    """When key sets are fetched again. All in seconds."""

    ttl: float
    """How long a key set counts as fresh; afterwards it is used while one refresh runs. Default 600."""
    cooldown: float
    """The least time between refreshes because of an unknown key id. Default 30."""
    stale_for: float
    """How long a key set is used while the issuer cannot be reached. Default 86400."""
    min_backoff: float
    """The first pause after a failed fetch; doubles with each further failure. Default 1."""
    max_backoff: float
    """The longest pause after failed fetches. Default 60."""
    lease: float
    """After this time a fetch that nobody reported counts as lost. Default 10."""


class TokenCache(TypedDict):
    """How verified tokens are remembered."""

    max_entries: int
    """The most tokens to remember: 1 to 1,000,000."""


class _KeyOptions(TypedDict, total=False):
    endpoint: str
    """The Logto endpoint, such as ``https://tenant.logto.app``; the issuer is this plus ``/oidc``. Or ``issuer``."""
    issuer: _OneOrMany
    """The issuer, compared exactly; several if the same tenant is reached by several (custom) domains."""
    jwks_uri: str
    """Where the key set is. Default ``<issuer>/jwks`` (of the first issuer). https, or http on loopback."""
    jwks: Mapping[str, Any]
    """A fixed key set (RFC 7517 section 5); nothing is ever fetched."""
    algorithms: Sequence[str]
    """Allowed JWS algorithms. Default ES384, RS256, ES256, ES512, PS256."""
    clock_tolerance: float
    """Seconds by which clocks may differ. Default 5."""
    max_token_age: float
    """Seconds after ``iat`` from which a token is too old, however long it would be valid."""
    max_token_length: int
    """The longest token, in bytes. Default 16384."""
    key_refresh: KeyRefresh
    """When key sets are fetched again."""
    fetch: Callable[[str], bytes]
    """Fetches the key set instead of httpx: takes the address, gives the body, or raises. It is called in a thread of
    its own; the limits on time and size hold all the same, and status and redirects are its own to judge."""
    clock: Callable[[], float]
    """The current time in milliseconds since the Unix epoch. Default: the system's clock."""


class VerifierOptions(_KeyOptions, total=False):
    """The options of :class:`scopegate.Verifier`. One that is given must have a value: ``None`` is refused."""

    audience: _OneOrMany
    """The API identifier(s) in Logto, compared exactly. Not with the permission model ``"organization"``."""
    permission_model: PermissionModel
    """Default ``"resource"``."""
    typ: str | None
    """The ``typ`` header (RFC 9068 section 4). Default ``"at+jwt"``; ``None``: unchecked, and ID tokens pass."""
    client_ids: Sequence[str]
    """The only applications whose tokens are accepted (``client_id``)."""
    actor: Literal["allow", "forbid"]
    """Whether tokens with an actor (``act``, token exchange) are accepted. Default ``"allow"``."""
    implied_scopes: Mapping[str, Sequence[str]]
    """Scopes that stand for others, such as ``{"admin:all": ["read:posts"]}``. Logto has no wildcards."""
    token_cache: TokenCache | Literal[False]
    """How many verified tokens are remembered; ``False``: none. Default 1000. A token that comes again is not verified
    in full as long as the keys stay the same; lifetime, scopes and organization are checked every time."""


class IdTokenOptions(_KeyOptions, total=False):
    """The options of :func:`scopegate.verify_id_token`."""

    client_id: str
    """The application's id: the token's audience."""


@dataclass(frozen=True)
class SplitOptions:
    """Options as they are used: the core's own, and what only the host can do."""

    core: str
    """JSON text: a copy that nobody else can change."""
    max_entries: int
    permission_model: str
    fetch: Callable[[str], bytes] | None
    clock: Callable[[], float]


def system_clock() -> float:
    """The time, in milliseconds since the Unix epoch."""
    return time.time() * 1000.0


def split(given: Mapping[str, Any], only: frozenset[str], token_use: str) -> SplitOptions:
    """Separates the host's options from the core's, and copies the latter.

    :raises ScopegateError: ``config_invalid``, also for anything that JSON would change.
    """
    core: dict[str, Any] = {"tokenUse": token_use}
    for name, value in given.items():
        if name not in only:
            raise config_error(f"{name} must be left out: there is no such option.")
        if name in OPTIONS:
            core[OPTIONS[name]] = _core_value(name, value)
    return SplitOptions(
        core=json.dumps(core),
        max_entries=_max_entries(given["token_cache"]) if "token_cache" in given else _DEFAULT_ENTRIES,
        permission_model=str(core.get("permissionModel", "resource")),
        fetch=_function(given, "fetch"),
        clock=_function(given, "clock") or system_clock,
    )


ACCESS_OPTIONS = frozenset(VerifierOptions.__annotations__) | frozenset(_KeyOptions.__annotations__)
ID_OPTIONS = frozenset(IdTokenOptions.__annotations__) | frozenset(_KeyOptions.__annotations__)

_DEFAULT_ENTRIES = 1000
_MOST_ENTRIES = 1_000_000


def _function(given: Mapping[str, Any], name: str) -> Callable[..., Any] | None:
    if name not in given:
        return None
    if not callable(given[name]):
        raise config_error(f"{name} must be callable.")
    return cast("Callable[..., Any]", given[name])


def _max_entries(option: object) -> int:
    if option is False:
        return 0
    if isinstance(option, Mapping) and set(cast("Mapping[object, object]", option)) == {"max_entries"}:
        entries: object = cast("Mapping[str, object]", option)["max_entries"]
        if isinstance(entries, int) and not isinstance(entries, bool) and 1 <= entries <= _MOST_ENTRIES:
            return entries
    raise config_error('token_cache must be {"max_entries": a whole number from 1 to 1,000,000} or False.')


def _core_value(name: str, value: object) -> object:
    if name == "typ" and value is None:
        return None
    if name == "jwks":
        return _key_set(value)
    if name == "key_refresh" and isinstance(value, Mapping):
        return {
            _duration(member): _plain(item, name) for member, item in cast("Mapping[object, object]", value).items()
        }
    return _plain(value, name)


def _duration(name: object) -> str:
    if isinstance(name, str) and name in KEY_REFRESH:
        return KEY_REFRESH[name]
    raise config_error(f"key_refresh must be a mapping of numbers: {', '.join(KEY_REFRESH)}.")


def _key_set(jwks: object) -> object:
    """A key set is data of the issuer's: a bad key in it is set aside, and does not make the configuration invalid."""
    try:
        if isinstance(jwks, Mapping):
            return json.loads(json.dumps(dict(cast("Mapping[str, object]", jwks)), allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        pass
    raise config_error('jwks must be a key set: {"keys": [...]}.')


def _plain(value: object, path: str) -> object:
    if isinstance(value, (str, bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{path}[{index}]") for index, item in enumerate(cast("Sequence[object]", value))]
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
        return {str(member): _plain(item, f"{path}.{member}") for member, item in members.items()}
    what = str(value) if value is None or isinstance(value, float) else type(value).__name__
    raise config_error(f"{path} is {what}: leave it out, or give it a value.")
