"""Reading JSON that the core has judged well-formed."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any, cast

# Python refuses to read longer numbers at all.
_MOST_DIGITS = 4000


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < _MOST_DIGITS else float(digits)


def read(text: str) -> Any:
    """The value; an object comes as a read-only mapping."""
    value: Any = json.loads(text, parse_int=_integer)
    return MappingProxyType(cast("dict[str, Any]", value)) if isinstance(value, dict) else value
