"""The life of a key set: fetched as the core asks, once for everybody, in threads, in event loops and after a fork."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import pytest

from scopegate import AccessToken, ScopegateError, Verifier
from support.tenant import AUDIENCE, ENDPOINT, KEY, Clock, KeyServer, SigningKey, key_set, reply_with

Make = Callable[[], Verifier]


@pytest.fixture
def make(server: KeyServer, clock: Clock) -> Make:
    return lambda: Verifier(endpoint=ENDPOINT, audience=AUDIENCE, jwks_uri=server.uri, clock=clock)


def slowly(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.2)
    reply_with(key_set(KEY))(handler)


def refusal(verifier: Verifier, token: str) -> ScopegateError:
    with pytest.raises(ScopegateError) as refused:
        verifier.verify(token)
    return refused.value


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_begins_with_the_first_token(make: Make, server: KeyServer) -> None:
    verifier = make()
    assert verifier.verify(KEY.token()).subject == "w2k7dq3hz9ab"
    verifier.verify(KEY.token(sub="somebody-else"))
    assert server.requests == ["/jwks"]


def test_preload(make: Make, server: KeyServer) -> None:
    verifier = make()
    verifier.preload()
    verifier.preload()
    verifier.verify(KEY.token())
    assert len(server.requests) == 1


async def test_fetches_once_for_a_thousand_coroutines(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    server.reply = slowly
    tokens = await asyncio.gather(*(verifier.averify(token) for _ in range(1000)))
    assert len(tokens) == 1000
    assert len(server.requests) == 1


def test_fetches_once_for_many_threads(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    server.reply = slowly
    with ThreadPoolExecutor(64) as pool:
        tokens = list(pool.map(lambda _: verifier.verify(token), range(256)))
    assert len(tokens) == 256
    assert len(server.requests) == 1


def test_fetches_once_for_threads_and_event_loops(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    server.reply = slowly
    start = threading.Barrier(16)

    def use(number: int) -> str:
        start.wait()
        if number % 2:
            return asyncio.run(verifier.averify(token)).subject
        return verifier.verify(token).subject

    with ThreadPoolExecutor(16) as pool:
        assert len(list(pool.map(use, range(16)))) == 16
    assert len(server.requests) == 1


async def test_never_blocks_the_event_loop(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    server.reply = slowly
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.001)
            longest = max(longest, time.monotonic() - before)

    watcher = asyncio.create_task(watch())
    await verifier.averify(token)
    watcher.cancel()
    assert longest < 0.15, "the fetch takes 0.2 s"


async def test_a_blocking_call_beside_an_event_loop_does_not_wait(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    server.reply = slowly
    refused = refusal(verifier, token)
    assert (refused.code, refused.status, refused.retry_after) == ("keys_unavailable", 503, 1)
    assert "averify" in refused.hint
    await verifier.averify(token)
    assert verifier.verify(token).client_id
    assert len(server.requests) == 1


async def test_whoever_gives_up_does_not_end_the_fetch(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    server.reply = slowly
    first = asyncio.create_task(verifier.averify(token))
    second = asyncio.create_task(verifier.averify(token))
    await asyncio.sleep(0.05)
    first.cancel()
    assert (await second).subject
    assert len(server.requests) == 1


def test_an_event_loop_that_ends_leaves_the_fetch_to_others(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    server.reply = slowly

    async def leave() -> None:
        task = asyncio.create_task(verifier.averify(token))
        await asyncio.sleep(0.05)
        # A thread waits for the fetch of this event loop, and another one comes when there is none any more.
        others.append(pool.submit(verifier.verify, token))
        await asyncio.sleep(0.05)
        task.cancel()

    others: list[Future[AccessToken]] = []
    with ThreadPoolExecutor(1) as pool:
        asyncio.run(leave())
        assert verifier.verify(token).subject
        assert others[0].result().subject


def test_an_event_loop_that_stands_still_keeps_nobody(make: Make, server: KeyServer) -> None:
    blocking, concurrent, token = make(), make(), KEY.token()
    server.reply = slowly
    loop = asyncio.new_event_loop()
    tasks = [loop.create_task(verifier.averify(token)) for verifier in (blocking, concurrent)]
    loop.run_until_complete(asyncio.sleep(0.1))
    waiters = [lambda: blocking.verify(token), lambda: asyncio.run(concurrent.averify(token))]
    with ThreadPoolExecutor(2) as pool:
        assert all(accepted.subject for accepted in pool.map(lambda verify: verify(), waiters))
    # What it brings when it goes on again is as good.
    assert all(accepted.subject for accepted in loop.run_until_complete(asyncio.gather(*tasks)))
    loop.close()


def test_refreshes_from_event_loops_that_end_at_once(make: Make, server: KeyServer, clock: Clock) -> None:
    """Each call has an event loop of its own, as in Flask's and Django's async views. None lives to see the answer."""
    verifier, token = make(), KEY.token()
    asyncio.run(verifier.averify(token))
    server.serve(SigningKey("key-2"))
    clock.advance(601)
    asyncio.run(verifier.averify(token))
    until(lambda: len(server.requests) == 2)

    def refused() -> bool:
        try:
            asyncio.run(verifier.averify(token))
        except ScopegateError as refusal:
            return refusal.code == "key_not_found"
        return False

    until(refused)


async def test_threads_of_the_event_loop_that_all_wait_for_it(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    server.reply = slowly
    # Names are looked up by threads of the event loop.
    server.uri = server.uri.replace("127.0.0.1", "localhost")
    named = make()
    for shared in (verifier, named):
        first = asyncio.create_task(shared.averify(token))
        await asyncio.sleep(0)
        threads = (asyncio.to_thread(shared.verify, token) for _ in range(64))
        assert len(await asyncio.gather(first, *threads)) == 65


def test_refreshes_in_the_background(make: Make, server: KeyServer, clock: Clock) -> None:
    verifier, token = make(), KEY.token()
    verifier.verify(token)
    clock.advance(601)
    proceed = threading.Event()

    def held(handler: BaseHTTPRequestHandler) -> None:
        proceed.wait(5)
        reply_with(key_set(KEY))(handler)

    server.reply = held
    for _ in range(10):
        verifier.verify(token)
    until(lambda: len(server.requests) == 2)
    asyncio.run(verifier.averify(token))
    assert len(server.requests) == 2
    proceed.set()


def test_follows_a_rotation_and_withstands_unknown_kids(make: Make, server: KeyServer, clock: Clock) -> None:
    verifier, rotated = make(), SigningKey("key-2", "RS256")
    verifier.verify(KEY.token())
    server.serve(rotated, KEY)
    clock.advance(31)
    verifier.verify(rotated.token())
    assert len(server.requests) == 2
    for number in range(200):
        assert refusal(verifier, KEY.token(kid=f"unknown-{number}")).code == "key_not_found"
    assert len(server.requests) == 2


def test_forgets_a_key_that_left(make: Make, server: KeyServer, clock: Clock) -> None:
    verifier, token, rotated = make(), KEY.token(), SigningKey("key-2")
    verifier.verify(token)
    server.serve(rotated)
    clock.advance(31)
    verifier.verify(rotated.token())
    assert refusal(verifier, token).code == "key_not_found"


def test_outlives_an_outage_and_ends(make: Make, server: KeyServer, clock: Clock) -> None:
    verifier, token = make(), KEY.token(exp=10**12)
    verifier.verify(token)
    server.fail()
    for _ in range(24):
        asked = len(server.requests)
        clock.advance(3600)
        verifier.verify(token)
        until(lambda asked=asked: len(server.requests) > asked)  # type: ignore[misc]
        time.sleep(0.02)
    clock.advance(3600)
    refused = refusal(verifier, token)
    assert (refused.code, refused.status, refused.oauth_error) == ("keys_unavailable", 503, None)
    assert refused.retry_after is not None
    assert "status 502" in str(refused.__cause__)
    server.serve(KEY)
    clock.advance(60)
    verifier.verify(token)


def test_waits_before_it_asks_again(make: Make, server: KeyServer, clock: Clock) -> None:
    verifier, token = make(), KEY.token()
    server.fail()
    for _ in range(100):
        assert refusal(verifier, token).code == "keys_unavailable"
    assert len(server.requests) == 1
    clock.advance(300)
    server.serve(KEY)
    verifier.verify(token)
    assert len(server.requests) == 2


FAULTS = {
    "redirects elsewhere": reply_with(b"", 302, location="https://elsewhere.example/jwks"),
    "status 500": reply_with(key_set(KEY), 500),
    "status 204": reply_with(b"", 204),
    "more than 512 KiB": reply_with(key_set(KEY) + b" " * 600_000),
    "an encoding that was not asked for": reply_with(b"\x1f\x8b", content_encoding="gzip"),
    "the JWKS is not a JSON object": reply_with(b"<html>"),
}


@pytest.mark.parametrize("reason", FAULTS)
def test_refuses_key_sets(make: Make, server: KeyServer, reason: str) -> None:
    server.reply = FAULTS[reason]
    blocking, concurrent = make(), make()
    refused = refusal(blocking, KEY.token())
    with pytest.raises(ScopegateError) as awaited:
        asyncio.run(concurrent.averify(KEY.token()))
    for error in (refused, awaited.value):
        assert error.code == "keys_unavailable"
        cause = error.__cause__
        assert reason in str(cause.actual if isinstance(cause, ScopegateError) else cause)


def test_does_not_wait_for_ever(make: Make, server: KeyServer) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    server.reply = drip
    blocking, concurrent = make(), make()

    def timed(verify: Callable[[], object]) -> tuple[float, str]:
        started = time.monotonic()
        with pytest.raises(ScopegateError) as refused:
            verify()
        return time.monotonic() - started, str(refused.value.__cause__)

    calls = [lambda: blocking.verify(KEY.token()), lambda: asyncio.run(concurrent.averify(KEY.token()))]
    with ThreadPoolExecutor(2) as pool:
        for seconds, cause in pool.map(timed, calls):
            assert 4 < seconds < 8
            assert "within 5 s" in cause


def test_a_server_that_is_not_there(server: KeyServer, clock: Clock) -> None:
    uri = server.uri
    server.close()
    verifier = Verifier(endpoint=ENDPOINT, audience=AUDIENCE, jwks_uri=uri, clock=clock)
    refused = refusal(verifier, KEY.token())
    assert refused.code == "keys_unavailable"
    assert "cannot be reached" in str(refused.__cause__)


def test_a_fetch_of_ones_own(clock: Clock) -> None:
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return key_set(KEY)

    verifier = Verifier(endpoint=ENDPOINT, audience=AUDIENCE, clock=clock, fetch=fetch)
    asyncio.run(verifier.averify(KEY.token()))
    verifier.verify(KEY.token())
    assert asked == [f"{ENDPOINT}/oidc/jwks"]


# From Python 3.12 on a fork beside threads is warned of: that it works all the same is what is tested.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_keeps_the_keys_and_nothing_that_others_held(make: Make, server: KeyServer) -> None:
    verifier, token = make(), KEY.token()
    verifier.verify(token)
    cold = make()
    server.reply = slowly
    fetching = threading.Thread(target=lambda: cold.verify(token))
    fetching.start()
    until(lambda: len(server.requests) == 2)
    child = os.fork()
    if child == 0:
        # The thread that fetches is not here: without its news the child would wait for the fetch to be given up.
        started = time.monotonic()
        good = verifier.verify(token).subject and asyncio.run(cold.averify(token)).subject
        os._exit(0 if good and time.monotonic() - started < 3 else 1)
    assert os.waitpid(child, 0)[1] == 0
    fetching.join()
    # The warm verifier had its keys in the child, the cold one asked for itself.
    assert len(server.requests) == 3
