"""The real issuer of ``issuer/``, driven from here."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]

BLOG_API = "https://api.yourapp.com"
ORGANIZATION_API = "https://api.yourapp.com/org"
ACME = "acme00000001"
GLOBEX = "globex000001"
WEB_APPLICATION = "blogspa00000000000001"


class Issuer:
    """A Logto-like issuer in a process of its own."""

    def __init__(self) -> None:
        command = ["node", "--import", "tsx", "python/tests/issuer.ts"]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._turn = threading.Lock()
        self.endpoint: str = self._read()["endpoint"]

    def token(self, username: str, resource: str | None = BLOG_API, **more: str) -> str:
        """A token of a user, by a real sign-in."""
        return str(self._ask({"do": "token", "username": username, "resource": resource, **more}))

    def machine_token(self) -> str:
        return str(self._ask({"do": "machine", "resource": BLOG_API}))

    def rotate(self, algorithm: str = "ES384") -> None:
        """Signs with a new key from now on."""
        self._ask({"do": "rotate", "algorithm": algorithm})

    def stop(self) -> None:
        """An outage; :meth:`start` ends it."""
        self._ask({"do": "stop"})

    def start(self) -> None:
        self._ask({"do": "start"})

    @property
    def fetches(self) -> int:
        """How often the key set was asked for so far."""
        return int(self._ask({"do": "fetches"}))

    def close(self) -> None:
        self._process.communicate(timeout=20)

    def _ask(self, command: dict[str, Any]) -> Any:
        with self._turn:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({k: v for k, v in command.items() if v is not None}) + "\n")
            self._process.stdin.flush()
            answer = self._read()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["answer"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the issuer has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer
