"""Downloading a key set: status 200 only, no redirects, at most 512 KiB, within 5 seconds."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scopegate.errors import config_error

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 5.0
"""For the whole answer, body included."""
_MOST_BYTES = 512 * 1024
"""Logto publishes three keys at most, about 2 KiB."""

# Nothing that could unfold into more than was counted; an encoding all the same is refused below.
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


class KeyFetchError(Exception):
    """Why a key set could not be fetched. It concerns no token."""


def check_key_address(address: str) -> None:
    """Refuses a key set address that somebody on the way could answer in the issuer's place.

    :raises ScopegateError: ``config_invalid``
    """
    try:
        url = urlsplit(address)
        host = url.hostname or ""
    except ValueError:
        url, host = urlsplit(""), ""
    if host and (url.scheme == "https" or (url.scheme == "http" and _LOOPBACK.fullmatch(host))):
        return
    raise config_error(f'The key set must be fetched over https (http only on loopback), not from "{address}".')


def late(address: str) -> KeyFetchError:
    """The failure of a fetch that took too long."""
    return KeyFetchError(f"{address} did not answer within {TIMEOUT_S:g} s")


def download(address: str) -> bytes:
    """Fetches the key set, and blocks meanwhile."""
    deadline = time.monotonic() + TIMEOUT_S
    with _client("Client") as client, _failures(address), client.stream("GET", address) as response:
        _check(address, response)
        return _joined(address, response.iter_raw(), deadline)


async def download_async(address: str) -> bytes:
    """Fetches the key set without blocking the event loop."""
    try:
        return await asyncio.wait_for(_download_async(address), TIMEOUT_S)
    except asyncio.TimeoutError:
        raise late(address) from None


async def _download_async(address: str) -> bytes:
    async with await _client_async() as client:
        with _failures(address):
            async with client.stream("GET", address) as response:
                _check(address, response)
                return await _joined_async(address, response.aiter_raw())


def run_fetch(fetch: Callable[[str], bytes], address: str) -> bytes:
    """Calls a fetch of the user's own, and holds it to the limit of size."""
    body: object = fetch(address)
    if not isinstance(body, (bytes, bytearray)):
        raise KeyFetchError(f"fetch must give bytes, not {type(body).__name__}")
    return _joined(address, iter((bytes(body),)), None)


def _client(kind: str) -> Any:
    # Imported late: it takes longer than all the rest, and a fixed key set never needs it.
    import httpx

    return getattr(httpx, kind)(follow_redirects=False, timeout=TIMEOUT_S, headers=_HEADERS)


async def _client_async() -> Any:
    # Loading the certificate authorities takes tens of milliseconds: not on the event loop, and not in its threads
    # either, which may all be waiting for these keys.
    thread = ThreadPoolExecutor(1, "scopegate-tls")
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, _client, "AsyncClient")
    finally:
        thread.shutdown(wait=False)


@contextmanager
def _failures(address: str) -> Generator[None, None, None]:
    """Gives failures of the network the name of the address: httpx's own often say nothing at all."""
    import httpx

    try:
        yield
    except httpx.TimeoutException as failure:
        raise late(address) from failure
    except httpx.HTTPError as failure:
        raise KeyFetchError(f"{address} cannot be reached: {failure or type(failure).__name__}") from failure


def _check(address: str, response: httpx.Response) -> None:
    if 300 <= response.status_code < 400:
        raise KeyFetchError(f"{address} redirects elsewhere")
    if response.status_code != 200:
        raise KeyFetchError(f"{address} answered with status {response.status_code}")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise KeyFetchError(f"{address} answered in an encoding that was not asked for")


def _joined(address: str, chunks: Iterator[bytes], deadline: float | None) -> bytes:
    body = bytearray()
    for chunk in chunks:
        _add(address, body, chunk)
        if deadline is not None and time.monotonic() > deadline:
            raise late(address)
    return bytes(body)


async def _joined_async(address: str, chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        _add(address, body, chunk)
    return bytes(body)


def _add(address: str, body: bytearray, chunk: bytes) -> None:
    body += chunk
    if len(body) > _MOST_BYTES:
        raise KeyFetchError(f"{address} answered with more than {_MOST_BYTES // 1024} KiB")
