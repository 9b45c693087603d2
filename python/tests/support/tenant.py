"""A tenant whose clock, keys and key server are in the hands of the test."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ENDPOINT = "https://tenant.logto.app"
AUDIENCE = "https://api.yourapp.com"
CLIENT = "9x1l0c3m8q2v7b5n4k6jd"
START_S = 1_760_000_000


class Clock:
    """A clock that tests turn by hand."""

    def __init__(self) -> None:
        self.seconds = float(START_S)

    def __call__(self) -> float:
        return self.seconds * 1000

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


class SigningKey:
    """A key of the tenant."""

    def __init__(self, kid: str, alg: str = "ES384") -> None:
        self.kid, self.alg = kid, alg
        self._key: Any
        if alg.startswith("ES"):
            self._key = ec.generate_private_key(ec.SECP384R1())
            jwk = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        else:
            self._key = rsa.generate_private_key(65537, 2048)
            jwk = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        self.jwk: dict[str, Any] = {**jwk, "kid": kid, "use": "sig", "key_ops": ["verify"]}

    def token(self, kid: str | None = None, typ: str = "at+jwt", **claims: Any) -> str:
        """A user's access token, as Logto shapes it; ``None`` removes a claim."""
        payload = {
            "jti": "Y2k1xTgUqf0oO3m8dLw7a",
            "sub": "w2k7dq3hz9ab",
            "iat": START_S,
            "exp": START_S + 3600,
            "scope": "read:posts write:posts",
            "client_id": CLIENT,
            "iss": f"{ENDPOINT}/oidc",
            "aud": AUDIENCE,
            **claims,
        }
        payload = {name: value for name, value in payload.items() if value is not None}
        return jwt.encode(payload, self._key, self.alg, headers={"typ": typ, "kid": kid or self.kid})


KEY = SigningKey("key-1")
"""One key for all tests: making them is slow."""


def key_set(*keys: SigningKey) -> bytes:
    return json.dumps({"keys": [key.jwk for key in keys]}).encode()


Reply = Callable[[http.server.BaseHTTPRequestHandler], None]


def reply_with(body: bytes, status: int = 200, **headers: str) -> Reply:
    def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


class KeyServer:
    """A real HTTP server on loopback, whose answers the test decides."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.reply: Reply = reply_with(key_set(KEY))
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(self.path)
                outer.reply(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.uri = f"http://127.0.0.1:{self._server.server_port}/jwks"

    def serve(self, *keys: SigningKey) -> None:
        self.reply = reply_with(key_set(*keys))

    def fail(self) -> None:
        self.reply = reply_with(b"", 502)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
