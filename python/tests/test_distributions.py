"""Wheel and source distribution, installed by pip into an environment that has nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from support.tenant import AUDIENCE, ENDPOINT, KEY, START_S

DISTRIBUTIONS = Path(
    os.environ.get("SCOPEGATE_DISTRIBUTIONS", Path(__file__).parents[2] / "target" / "python" / "dist")
)

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
DESCRIBE = "import importlib.metadata as found; print(found.metadata('scopegate').get_payload())"

PROGRAM = f"""
import scopegate, sys
verifier = scopegate.Verifier(
    endpoint={ENDPOINT!r}, audience={AUDIENCE!r}, jwks={{"keys": [{KEY.jwk!r}]}}, clock=lambda: {START_S * 1000}
)
print(scopegate.__file__, verifier.verify(sys.argv[1], scopes="read:posts").subject)
"""


def distribution(ending: str) -> Path:
    [found] = DISTRIBUTIONS.glob(f"scopegate-*{ending}")
    return found


@pytest.mark.parametrize("ending", [".whl", ".tar.gz"])
def test_installs_by_itself(ending: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*install, str(distribution(ending))], check=True, cwd=tmp_path)
    show = [str(python), "-I", "-X", "utf8", "-c", DESCRIBE]
    description = subprocess.run(show, check=True, capture_output=True, encoding="utf-8").stdout
    # A wheel that pip builds of the source distribution has the repository's README in reach as well.
    assert description.strip() == README.strip()
    command = [str(python), "-I", "-c", PROGRAM, KEY.token()]
    printed = subprocess.run(command, check=True, cwd=tmp_path, capture_output=True, text=True).stdout
    assert printed.startswith(str(tmp_path))
    assert printed.endswith("w2k7dq3hz9ab\n")


def test_the_wheel_serves_every_python_from_3_9_on() -> None:
    wheel = distribution(".whl")
    assert "-cp39-abi3-" in wheel.name
    if sys.platform == "linux":
        assert "manylinux" in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    for name in ("scopegate/py.typed", "scopegate/_core.pyi", "scopegate/fastapi.py"):
        assert name in names
    assert any(name.endswith("LICENSE-MIT") for name in names)
    assert not [name for name in names if "test" in name or "__pycache__" in name]


def test_the_source_distribution_has_the_core() -> None:
    with tarfile.open(distribution(".tar.gz")) as archive:
        names = ["/".join(name.split("/")[1:]) for name in archive.getnames()]
    for name in (
        "Cargo.lock",
        "src/verifier.rs",
        "kernels/src/lib.rs",
        "python/src/core.rs",
        "scopegate/py.typed",
        "licenses/LICENSE-APACHE",
        "licenses/LICENSE-MIT",
    ):
        assert name in names
    assert not [name for name in names if name.startswith(("js/", "xtask/", "tests/", "python/tests/"))]
