"""A token examined step by step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from scopegate._json import read
from scopegate._names import in_python
from scopegate.errors import ErrorCode

__all__ = ["Report", "ReportStep"]


@dataclass(frozen=True)
class ReportStep:
    """One check, and what came of it."""

    step: str
    """Its name, such as ``"issuer"``."""
    status: Literal["pass", "fail", "not_reached"]
    """``"not_reached"``: an earlier failure left nothing to check."""
    code: ErrorCode | None
    """The code that ``verify`` would refuse with for this reason."""
    seen: str | None
    """What was found. Comes from the token, so treat it as untrusted text."""
    expected: str | None
    """What was wanted."""
    hint: str | None
    """The likely cause, and the remedy."""


@dataclass(frozen=True)
class Report:
    """A token examined step by step, for people who look for the reason of a refusal."""

    verdict: Literal["accepted", "refused"]
    code: ErrorCode | None
    """The code that ``verify`` refuses with: the first failure's. ``None`` if it accepts."""
    steps: tuple[ReportStep, ...]
    """All checks, in the order in which ``verify`` runs them."""
    unverified_header: Mapping[str, Any] | None
    """The protected header as the token has it, whatever the verdict."""
    unverified_claims: Mapping[str, Any] | None
    """The claims as the token has them, whatever the verdict: never decide anything by them."""


def read_report(text: str) -> Report:
    """Reads the core's report."""
    report = read(text)
    steps: list[dict[str, Any]] = [
        {**step, "hint": step["hint"] and in_python(step["hint"])} for step in report["steps"]
    ]
    return Report(
        verdict=report["verdict"],
        code=report["code"],
        steps=tuple(ReportStep(**step) for step in steps),
        unverified_header=_mapping(json.dumps(report["header"])),
        unverified_claims=_mapping(report["claims"]),
    )


def _mapping(text: str | None) -> Mapping[str, Any] | None:
    """The payload may be any text: whether it is JSON is one of the checks."""
    try:
        value = None if text is None else read(text)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None
