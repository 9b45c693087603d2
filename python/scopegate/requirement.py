"""Which scopes a call demands."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, Union, cast

from scopegate import _core
from scopegate.errors import ScopegateError, config_error

__all__ = ["AllOf", "AnyOf", "ScopeRequirement", "all_of", "any_of"]


@dataclass(frozen=True)
class AllOf:
    """All of these scopes, see :func:`all_of`."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one of these scopes, see :func:`any_of`."""

    parts: tuple[Part, ...]


Part = Union[str, AllOf, AnyOf]

ScopeRequirement = Union[str, AllOf, AnyOf, Sequence["ScopeRequirement"]]
"""One scope, a list of which all are needed, or :func:`all_of` and :func:`any_of` nested at will."""


class Unset(Enum):
    """The type of :data:`UNSET`."""

    UNSET = "UNSET"


UNSET: Final[Literal[Unset.UNSET]] = Unset.UNSET
"""What an argument is that was not given. ``None`` is refused: a forgotten lookup must not turn a check off."""

_MOST_COMPILED = 256
"""Requirements are few in a program; a caller that invents new ones for each request must not fill the memory."""

_compiled: dict[Hashable, _core.Requirement] = {}


def all_of(*requirements: ScopeRequirement) -> AllOf:
    """Every one of ``requirements`` has to be met."""
    return AllOf(_parts(requirements))


def any_of(*requirements: ScopeRequirement) -> AnyOf:
    """At least one of ``requirements`` has to be met."""
    return AnyOf(_parts(requirements))


def _parts(requirements: Iterable[object]) -> tuple[Part, ...]:
    try:
        return tuple(_fixed(requirement) for requirement in requirements)
    except RecursionError:
        raise config_error("The required scopes are nested in themselves.") from None


def _fixed(requirement: object) -> Part:
    """The requirement as nobody can change it any more: the caller's list may change."""
    if isinstance(requirement, (str, AllOf, AnyOf)):
        return requirement
    if isinstance(requirement, (list, tuple)):
        return AllOf(_parts(cast("Sequence[object]", requirement)))
    raise config_error("The required scopes must be a string, a list, all_of(…) or any_of(…).")


def _plain(part: Part) -> object:
    if isinstance(part, str):
        return part
    return {("allOf" if isinstance(part, AllOf) else "anyOf"): [_plain(inner) for inner in part.parts]}


def compiled(scopes: object) -> _core.Requirement:
    """The requirement as the core takes it; :data:`UNSET` requires nothing.

    :raises ScopegateError: ``config_invalid``
    """
    part = scopes if scopes is UNSET else _fixed(scopes)
    try:
        known = _compiled.get(part)
        if known is not None:
            return known
        text = "null" if isinstance(part, Unset) else json.dumps(_plain(part))
    except RecursionError:
        raise config_error("The required scopes are nested too deeply.") from None
    made = _core.Requirement.compile(text)
    if isinstance(made, _core.Refusal):
        raise ScopegateError(made)
    if len(_compiled) >= _MOST_COMPILED:
        _compiled.clear()
    _compiled[part] = made
    return made


def checked_organization(organization: object, name: str = "organization") -> str | None:
    """The organization that a call demands, or ``None`` when it was not given.

    :raises ScopegateError: ``config_invalid``
    """
    if organization is UNSET:
        return None
    if isinstance(organization, str) and organization and is_unicode(organization):
        return organization
    raise config_error(f"The requirement's {name} must be a non-empty string.")


def is_unicode(text: str) -> bool:
    """Whether it has no half of a surrogate pair: JSON can bring such text, but nothing takes it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
