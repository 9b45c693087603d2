"""Verifiers, tokens and errors as Python sees them."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import threading
import time
import traceback
from typing import Any

import pytest

import scopegate
from scopegate import AccessToken, ScopegateError, Verifier, all_of, any_of
from support.tenant import AUDIENCE, CLIENT, ENDPOINT, KEY, START_S, Clock

GOOD: dict[str, Any] = {"endpoint": ENDPOINT, "audience": AUDIENCE}


@pytest.fixture
def verifier(clock: Clock) -> Verifier:
    return Verifier(**GOOD, jwks={"keys": [KEY.jwk]}, clock=clock)


def refusal(action: Any) -> ScopegateError:
    with pytest.raises(ScopegateError) as refused:
        action()
    return refused.value


BAD_OPTIONS: dict[str, dict[str, Any]] = {
    "audience is None": {"audience": None},
    "audiences must be left out": {"audiences": AUDIENCE},
    "clockTolerance must be left out": {"clockTolerance": 5},
    "clock_tolerance must be": {"clock_tolerance": "5"},
    "clock_tolerance is nan": {"clock_tolerance": float("nan")},
    "max_token_length": {"max_token_length": -1},
    "key_refresh": {"key_refresh": {"staleFor": 1}},
    "token_cache": {"token_cache": {"max_entries": 0}},
    "must be callable": {"clock": 5},
    "fetch must be callable": {"fetch": "https://example.com"},
    "tokenUse must be left out": {"tokenUse": "id"},
    "token_use must be left out": {"token_use": "id"},
    "jwks must be a key set": {"jwks": [KEY.jwk]},
    "jwks_uri must be https": {"jwks_uri": "http://example.com/jwks"},
    "typ": {"typ": ""},
    "implied_scopes is set": {"implied_scopes": {"a"}},
    "issuer": {"issuer": "https://other.example/oidc"},
}


@pytest.mark.parametrize("hint", BAD_OPTIONS)
def test_options_are_checked(hint: str) -> None:
    refused = refusal(lambda: Verifier(**{**GOOD, **BAD_OPTIONS[hint]}))
    assert (refused.code, refused.status) == ("config_invalid", None)
    assert hint in refused.hint
    assert refused.hint in str(refused)


def test_a_token(verifier: Verifier) -> None:
    jwt = KEY.token(act={"sub": "support"}, number=2**70, nested={"list": [1]})
    token = verifier.verify(jwt)
    assert isinstance(token, AccessToken)
    assert (token.subject, token.client_id, token.is_machine) == ("w2k7dq3hz9ab", CLIENT, False)
    assert token.scopes == frozenset({"read:posts", "write:posts"})
    assert (token.issuer, token.audience) == (f"{ENDPOINT}/oidc", (AUDIENCE,))
    assert (token.expires_at, token.issued_at) == (START_S + 3600, START_S)
    assert (token.organization_id, token.token_id) == (None, "Y2k1xTgUqf0oO3m8dLw7a")
    assert token.actor == {"sub": "support"}
    assert token.claims["number"] == 2**70
    assert token.claims is token.claims
    with pytest.raises(TypeError):
        token.claims["sub"] = "admin"  # type: ignore[index]
    with pytest.raises(AttributeError):
        token.subject = "admin"  # type: ignore[misc]
    with pytest.raises(TypeError):
        AccessToken()
    assert jwt.split(".")[2] not in repr(token)


def test_requirements(verifier: Verifier) -> None:
    jwt = KEY.token()
    for good in (
        "read:posts",
        ["read:posts", "write:posts"],
        any_of("a", "read:posts"),
        all_of("read:posts", any_of("a", ["write:posts"])),
    ):
        verifier.verify(jwt, scopes=good)
    refused = refusal(lambda: verifier.verify(jwt, scopes=all_of("read:posts", any_of(["a", "b"], "c"))))
    assert (refused.code, refused.status, refused.missing) == ("scope_insufficient", 403, ("c",))
    nested: list[Any] = []
    nested.append(nested)
    deep = all_of("read:posts")
    for _ in range(5000):
        deep = all_of(deep)
    for bad in (None, [], "", "a b", 5, {"anyOf": ["a"]}, all_of(), nested, deep):
        assert refusal(lambda bad=bad: verifier.verify(jwt, scopes=bad)).code == "config_invalid"
    for bad in (None, "", 5, "acme", "\ud800"):
        assert refusal(lambda bad=bad: verifier.verify(jwt, organization=bad)).code == "config_invalid"
    changing = ["read:posts"]
    verifier.verify(jwt, scopes=changing)
    changing.append("admin:all")
    assert refusal(lambda: verifier.verify(jwt, scopes=changing)).code == "scope_insufficient"


def test_further_scopes(clock: Clock) -> None:
    verifier = Verifier(**GOOD, jwks={"keys": [KEY.jwk]}, clock=clock, implied_scopes={"write:posts": ["edit:posts"]})
    token = verifier.verify(KEY.token())
    verifier.require_scopes(token, "edit:posts")
    refused = refusal(lambda: verifier.require_scopes(token, "delete:posts"))
    assert refused.missing == ("delete:posts",)
    challenge = verifier.challenge(refused, realm="blog")
    assert challenge is not None
    assert challenge.endswith('scope="delete:posts"')


def test_what_is_no_text(verifier: Verifier) -> None:
    for bad in (None, b"a.b.c", 5, "\ud800"):
        assert refusal(lambda bad=bad: verifier.verify(bad)).code == "token_malformed"
    assert refusal(lambda: verifier.authenticate("Bearer \ud800")).code == "request_invalid"
    assert refusal(lambda: verifier.authenticate(None)).code == "token_missing"
    assert refusal(lambda: verifier.authenticate([])).code == "token_missing"
    header: Any
    for header in (b"Bearer a.b.c", [b"Bearer a.b.c"], 5):
        assert refusal(lambda header=header: verifier.authenticate(header)).code == "request_invalid"
    jws, keys = KEY.token(), {"keys": [KEY.jwk]}
    names: Any
    for names in (["\ud800"], [5], "ES384"):
        refused = refusal(lambda names=names: scopegate.verify_signature(jws, keys, algorithms=names))
        assert refused.code == "config_invalid"
    assert verifier.explain("\ud800").code == "token_malformed"
    assert verifier.authenticate([f"Bearer {KEY.token()}"]).subject


def test_a_clock_that_gives_no_time() -> None:
    for now in (float("nan"), float("inf"), None, -1.0):
        verifier = Verifier(**GOOD, jwks={"keys": [KEY.jwk]}, clock=lambda now=now: now)  # type: ignore[misc]
        assert refusal(lambda verifier=verifier: verifier.verify(KEY.token())).code == "internal"


def test_remembered_tokens_are_judged_each_time(verifier: Verifier, clock: Clock) -> None:
    jwt = KEY.token()
    for _ in range(3):
        assert verifier.verify(jwt, scopes="read:posts").subject
    assert refusal(lambda: verifier.verify(jwt, scopes="admin:all")).code == "scope_insufficient"
    clock.advance(3600 + 6)
    assert refusal(lambda: verifier.verify(jwt)).code == "token_expired"


def test_errors(verifier: Verifier) -> None:
    jwt = KEY.token(aud="https://other.example")
    refused = refusal(lambda: verifier.verify(jwt))
    assert (refused.code, refused.claim, refused.actual) == ("audience_mismatch", "aud", "https://other.example")
    assert str(refused) == f"audience_mismatch: {refused.message} (aud)"
    for again in (pickle.loads(pickle.dumps(refused)), copy.copy(refused)):
        assert isinstance(again, ScopegateError)
        assert again.__dict__ == refused.__dict__
        assert verifier.challenge(again) == verifier.challenge(refused)
    assert jwt.split(".")[2] not in "".join(
        traceback.format_exception(type(refused), refused, refused.__traceback__)
    ) + repr(vars(refused))
    too_long = refusal(lambda: verifier.verify("a" * 20_000))
    assert "max_token_length" in too_long.hint


def test_a_report(verifier: Verifier) -> None:
    report = verifier.explain(KEY.token(aud="x", exp=START_S - 60), scopes="admin:all")
    assert (report.verdict, report.code) == ("refused", "audience_mismatch")
    failed = {step.step: step.code for step in report.steps if step.status == "fail"}
    assert failed == {"audience": "audience_mismatch", "time": "token_expired", "scope": "scope_insufficient"}
    assert report.unverified_header is not None
    assert report.unverified_header["alg"] == "ES384"
    assert report.unverified_claims is not None
    assert report.unverified_claims["aud"] == "x"
    assert verifier.explain("nothing").unverified_claims is None
    # Numbers that Python refuses to read, and nests that it cannot.
    for member in ("1" * 5000, "[" * 4000 + "]" * 4000):
        text = f'{{"alg": "ES384", "typ": "at+jwt", "kid": "key-1", "n": {member}}}'
        part = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        for strange in (f"{part}.e30.AA", f"e30.{part}.AA", f"{part}.{part}.AA"):
            assert verifier.explain(strange).verdict == "refused"


def test_id_tokens(clock: Clock) -> None:
    options: dict[str, Any] = {"endpoint": ENDPOINT, "jwks": {"keys": [KEY.jwk]}, "client_id": CLIENT, "clock": clock}
    jwt = KEY.token(typ="JWT", aud=CLIENT, nonce="n", client_id=None, scope=None)
    token = scopegate.verify_id_token(jwt, nonce="n", **options)
    assert (token.subject, token.client_id, token.claims["nonce"]) == ("w2k7dq3hz9ab", CLIENT, "n")
    assert refusal(lambda: scopegate.verify_id_token(jwt, nonce="other", **options)).code == "claim_invalid"
    assert refusal(lambda: scopegate.verify_id_token(jwt, nonce=None, **options)).code == "config_invalid"  # type: ignore[arg-type]
    assert refusal(lambda: scopegate.verify_id_token(KEY.token(), **options)).code == "token_type_mismatch"
    assert refusal(lambda: scopegate.verify_id_token(jwt, **{**options, "audience": "x"})).code == "config_invalid"


def test_the_stubs_list_what_there_is() -> None:
    from scopegate import _core

    found = {name for name in vars(_core) if not name.startswith("_")}
    assert found == {"AccessToken", "Core", "IdToken", "KeysNeeded", "Refusal", "Requirement"} | {
        "bearer_token",
        "challenge",
        "codes",
        "refusal",
        "verify_signature",
    }


def test_lets_others_run_while_it_verifies() -> None:
    """A signature over so much takes long; a thread that only needs the interpreter now and then gets it meanwhile."""
    header = base64.urlsafe_b64encode(json.dumps({"alg": "ES384", "kid": KEY.kid}).encode()).decode().rstrip("=")
    token = f"{header}.{'A' * 60_000_000}.{'A' * 128}"
    ticks, ended = 0, threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not ended.wait(0.001):
            ticks += 1

    started = time.monotonic()
    ticker = threading.Thread(target=tick)
    ticker.start()
    refused = refusal(lambda: scopegate.verify_signature(token, {"keys": [KEY.jwk]}))
    seconds = time.monotonic() - started
    ended.set()
    ticker.join()
    assert refused.code == "signature_invalid"
    assert ticks > seconds * 100, f"{ticks} ticks in {seconds} s"
