"""The vectors that all languages share: the same codes, for the same reasons (tests/vectors/README.md)."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import scopegate
from scopegate import ScopegateError, Verifier, _core
from scopegate._names import KEY_REFRESH, OPTIONS

Case = dict[str, Any]
Outcome = object
"""What was accepted, or the :class:`ScopegateError`."""

FILE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "tests" / "vectors" / "vectors.json").read_text(encoding="utf-8")
)
IN_PYTHON = {core: python for python, core in {**OPTIONS, **KEY_REFRESH}.items()}
ACCEPTED = {"clientId": "client_id", "isMachine": "is_machine", "tokenId": "token_id", "expiresAt": "expires_at"} | {
    "organizationId": "organization_id",
    "issuedAt": "issued_at",
}


@pytest.mark.parametrize("vector", FILE["cases"], ids=lambda vector: vector["id"])
async def test_vector(vector: Case) -> None:
    for how, outcome in (await RUNNERS[vector["kind"]](vector)).items():
        check(f"{vector['id']} ({how})", vector["expect"], outcome)


def test_the_table_of_errors() -> None:
    rows = {code: {"status": status, "oauthError": oauth} for code, status, oauth in _core.codes()}
    assert rows == FILE["codes"]


async def access(vector: Case) -> dict[str, Outcome]:
    token, options, requirement = token_of(vector), options_of(vector), requirement_of(vector)

    def make(**more: Any) -> Verifier:
        return Verifier(**options, **more)

    async def explained() -> object:
        report = await make(token_cache=False).aexplain(token, **requirement)
        return reported(vector["expect"], report)

    outcomes = {
        "verify": await attempt(lambda: settled(lambda: make(token_cache=False).verify(token, **requirement))),
        "averify": await attempt(lambda: make(token_cache=False).averify(token, **requirement)),
        "aexplain": await attempt(explained),
    }
    if "accepted" in vector["expect"]:
        caching = make()
        outcomes["first"] = await attempt(lambda: caching.averify(token, **requirement))
        outcomes["again"] = await attempt(lambda: caching.averify(token, **requirement))
    return outcomes


async def settled(verify: Callable[[], object]) -> object:
    """A blocking call, in a thread: beside an event loop it would not wait for keys."""
    import asyncio

    return await asyncio.to_thread(verify)


async def identity(vector: Case) -> dict[str, Outcome]:
    token, options, requirement = token_of(vector), options_of(vector), requirement_of(vector)
    blocking = lambda: scopegate.verify_id_token(token, **options, **requirement)  # noqa: E731
    return {
        "verify_id_token": await attempt(lambda: settled(blocking)),
        "averify_id_token": await attempt(lambda: scopegate.averify_id_token(token, **options, **requirement)),
    }


async def signature(vector: Case) -> dict[str, Outcome]:
    async def verified() -> object:
        found = scopegate.verify_signature(
            token_of(vector), keys_of(vector["jwks"]), algorithms=vector.get("algorithms")
        )
        payload = base64.urlsafe_b64encode(found.payload).decode().rstrip("=")
        return {"header": dict(found.header), "payload": payload}

    return {"verify_signature": await attempt(verified)}


async def bearer(vector: Case) -> dict[str, Outcome]:
    async def taken() -> object:
        found = _core.bearer_token(vector["authorization"])
        if isinstance(found, _core.Refusal):
            raise ScopegateError(found)
        return {"token": found}

    return {"bearer_token": await attempt(taken)}


RUNNERS: dict[str, Callable[[Case], Awaitable[dict[str, Outcome]]]] = {
    "access": access,
    "id": identity,
    "jws": signature,
    "bearer": bearer,
}


async def attempt(action: Callable[[], Awaitable[object]]) -> Outcome:
    try:
        return await action()
    except ScopegateError as refused:
        return refused


def reported(expect: Mapping[str, Any], report: scopegate.Report) -> object:
    """A report has no token to show; its verdict has to be that of ``verify``."""
    if report.code is None:
        assert report.verdict == "accepted"
        return expect.get("accepted", {})
    assert report.verdict == "refused"
    error = ScopegateError(_core.refusal(report.code))
    error.claim = expect.get("claim")
    error.missing = tuple(expect.get("missing", ()))
    error.retry_after = expect.get("retryAfter")
    return error


def token_of(vector: Case) -> str:
    token = vector["token"]
    return token if isinstance(token, str) else token["repeat"] * token["times"]


def keys_of(keys: object) -> Any:
    return FILE["keySets"][keys] if isinstance(keys, str) else keys


def options_of(vector: Case) -> dict[str, Any]:
    options = {IN_PYTHON.get(name, name): value for name, value in vector["options"].items()}
    if isinstance(options.get("key_refresh"), dict):
        options["key_refresh"] = {IN_PYTHON.get(name, name): value for name, value in options["key_refresh"].items()}
    served: str | None = vector.get("served")

    def fetch(_address: str) -> bytes:
        if served is None:
            raise OSError("the issuer cannot be reached")
        return served.encode()

    if "jwks" in options:
        options["jwks"] = keys_of(options["jwks"])
    else:
        options["fetch"] = fetch
    return {**options, "clock": lambda: vector["now"]}


def requirement_of(vector: Case) -> dict[str, Any]:
    requirement = dict(vector.get("requirement", {}))
    if "scopes" in requirement:
        requirement["scopes"] = scopes_of(requirement["scopes"])
    return requirement


def scopes_of(scopes: Any) -> Any:
    if isinstance(scopes, list):
        return [scopes_of(part) for part in scopes]
    if isinstance(scopes, dict) and len(scopes) == 1:
        makers: dict[str, Callable[..., Any]] = {"allOf": scopegate.all_of, "anyOf": scopegate.any_of}
        [(kind, parts)] = scopes.items()
        if kind in makers:
            return makers[kind](*(scopes_of(part) for part in parts))
    return scopes


def check(where: str, expect: Mapping[str, Any], outcome: Outcome) -> None:
    if "accepted" in expect:
        assert not isinstance(outcome, ScopegateError), f"{where}: {outcome}"
        for name, value in expect["accepted"].items():
            assert seen(outcome, name, value) == (sorted(value) if name == "scopes" else value), f"{where}: {name}"
        return
    assert isinstance(outcome, ScopegateError), f"{where}: accepted instead of {expect['code']}"
    row = FILE["codes"][expect["code"]]
    found: dict[str, object] = {"code": outcome.code, "status": outcome.status, "oauthError": outcome.oauth_error}
    found |= {"claim": outcome.claim, "missing": list(outcome.missing), "retryAfter": outcome.retry_after}
    for name, value in {**row, **expect}.items():
        assert found[name] == value, f"{where}: {name}"


def seen(accepted: Any, name: str, wanted: Any) -> object:
    value = accepted[name] if isinstance(accepted, dict) else getattr(accepted, ACCEPTED.get(name, name))
    if name == "scopes":
        return sorted(value)
    if name == "claims":
        return {member: value.get(member) for member in wanted}
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
