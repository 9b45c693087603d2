"""What is measured: verifiers of signature, issuer, audience and expiry, each with its key imported once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Job = dict[str, Any]
Check = Callable[[str], object]
"""Verifies; raises when the token is not to be accepted."""


def scopegate(job: Job, entries: int) -> Check:
    from scopegate import Verifier

    return Verifier(
        issuer=job["issuer"],
        audience=job["audience"],
        jwks={"keys": [job["jwk"]]},
        algorithms=[job["jwk"]["alg"]],
        token_cache={"max_entries": entries},
    ).verify


def pyjwt(job: Job, _entries: int) -> Check:
    import jwt

    key = jwt.PyJWK(job["jwk"])
    required = {"require": ["exp", "iss", "aud"]}

    def check(token: str) -> object:
        return jwt.decode(
            token,
            key,
            algorithms=[job["jwk"]["alg"]],
            issuer=job["issuer"],
            audience=job["audience"],
            options=required,  # type: ignore[arg-type]
        )

    return check


def python_jose(job: Job, _entries: int) -> Check:
    from jose import jwk, jwt

    key = jwk.construct(job["jwk"])

    def check(token: str) -> object:
        return jwt.decode(token, key, algorithms=[job["jwk"]["alg"]], issuer=job["issuer"], audience=job["audience"])

    return check


def joserfc(job: Job, _entries: int) -> Check:
    from joserfc import jwk, jwt

    key = jwk.import_key(job["jwk"])
    claims = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": job["issuer"]},
        aud={"essential": True, "value": job["audience"]},
        exp={"essential": True},
    )

    def check(token: str) -> object:
        verified = jwt.decode(token, key, algorithms=[job["jwk"]["alg"]])
        claims.validate(verified.claims)
        return verified

    return check


def authlib(job: Job, _entries: int) -> Check:
    from authlib.jose import JsonWebKey, JsonWebToken

    key = JsonWebKey.import_key(job["jwk"])
    decoder = JsonWebToken([job["jwk"]["alg"]])
    wanted = {
        "iss": {"essential": True, "value": job["issuer"]},
        "aud": {"essential": True, "value": job["audience"]},
        "exp": {"essential": True},
    }

    def check(token: str) -> object:
        claims = decoder.decode(token, key, claims_options=wanted)
        claims.validate()
        return claims

    return check


SUBJECTS: dict[str, Callable[[Job, int], Check]] = {
    "scopegate": scopegate,
    "PyJWT": pyjwt,
    "python-jose": python_jose,
    "joserfc": joserfc,
    "Authlib": authlib,
}
