"""The README's programs run as they stand there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx

from support.issuer import Issuer
from support.server import serving

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def program(name: str, endpoint: str) -> dict[str, Any]:
    """What a program of the README defines, with the issuer's address in place of the example's."""
    found = re.search(rf"<!-- quickstart: {name} -->\n```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    assert "https://tenant.logto.app" in found[1]
    defined: dict[str, Any] = {"__name__": "readme"}
    exec(found[1].replace("https://tenant.logto.app", endpoint), defined)
    return defined


def test_fastapi(issuer: Issuer) -> None:
    shown = re.search(r"```http\nHTTP/1\.1 (\d+) .*\nWWW-Authenticate: (.*)\n\n(.*)\n```", README)
    assert shown is not None
    with serving(program("fastapi", issuer.endpoint)["app"]) as url, httpx.Client(base_url=url) as api:
        viewer = {"authorization": f"Bearer {issuer.token('viewer')}"}
        assert api.get("/posts", headers=viewer).json() == {"reader": "viewer000001", "posts": []}
        refused = api.delete("/posts/1", headers=viewer)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (int(shown[1]), shown[2])
        assert refused.json() == json.loads(shown[3])
        admin = {"authorization": f"Bearer {issuer.token('admin')}"}
        assert api.delete("/posts/1", headers=admin).status_code == 204


def test_plain(issuer: Issuer) -> None:
    reader = program("plain", issuer.endpoint)["reader"]
    assert reader(issuer.token("viewer")) == "viewer000001"
    assert reader(issuer.token("outsider")) == "403 scope_insufficient"
    assert reader(issuer.token("viewer", None)) == "401 token_opaque"
