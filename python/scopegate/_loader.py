"""Asks the core, and fetches keys as it demands, until it gives a verdict."""

from __future__ import annotations

import asyncio
import math
import os
import threading
import time
import weakref
from collections.abc import Callable
from functools import partial
from typing import TypeVar, Union

from scopegate import _core
from scopegate._flight import Flight, pause_of
from scopegate._jwks import check_key_address, download, download_async, late, run_fetch
from scopegate.errors import ScopegateError, host_error
from scopegate.options import SplitOptions

T = TypeVar("T")

Ask = Callable[[_core.Core, float], Union[T, _core.KeysNeeded, _core.Refusal]]
"""Asks the core; the number is the time, in milliseconds since the Unix epoch."""

_MOST_REPETITIONS = 8
"""The core's answers converge after one or two repetitions; more would be a defect that must not hang the caller."""

_STANDSTILL_S = 2.0
"""After this time nobody else relies on an event loop that fetches."""


class Loader:
    """A core and its key set, shared by all threads and event loops of the process.

    :raises ScopegateError: ``config_invalid``
    """

    def __init__(self, options: SplitOptions) -> None:
        self._options = options
        self._document: tuple[bytes, float] | None = None
        self.core = self._make()
        self._address = self.core.jwks_uri or ""
        if self._address:
            check_key_address(self._address)
        self._flight: Flight | None = None
        # An event loop keeps weak references to its tasks only.
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None
        _loaders.add(self)

    def settle(self, ask: Ask[T]) -> T:
        """The verdict, after as much blocking as it takes; none on the thread of a running event loop.

        :raises ScopegateError: the refusal.
        """
        repetitions = waits = 0
        while repetitions < _MOST_REPETITIONS:
            repetitions += 1
            answer = self._ask(ask)
            if not isinstance(answer, _core.KeysNeeded):
                return answer
            flight = None if answer.fetch is None else self._start_thread(answer.fetch)
            if not answer.wait:
                continue
            if _is_event_loop():
                hint = "The keys are being loaded. In a coroutine await averify(), or apreload() first."
                raise self._outage(host_error("keys_unavailable", hint, retry_after=1))
            self._land(flight, waits)
            waits, repetitions = waits + 1, 0
        raise host_error("internal", "This is a defect in scopegate; please report it.")

    async def settle_async(self, ask: Ask[T]) -> T:
        """The verdict, after as much waiting as it takes.

        :raises ScopegateError: the refusal.
        """
        repetitions = waits = 0
        while repetitions < _MOST_REPETITIONS:
            repetitions += 1
            answer = self._ask(ask)
            if not isinstance(answer, _core.KeysNeeded):
                return answer
            flight = None if answer.fetch is None else self._start_task(answer.fetch)
            if not answer.wait:
                continue
            await self._land_async(flight, waits)
            waits, repetitions = waits + 1, 0
        raise host_error("internal", "This is a defect in scopegate; please report it.")

    def _ask(self, ask: Ask[T]) -> T | _core.KeysNeeded:
        answer = ask(self.core, self.now())
        if isinstance(answer, _core.Refusal):
            raise self._outage(ScopegateError(answer))
        return answer

    def _outage(self, error: ScopegateError) -> ScopegateError:
        if error.code == "keys_unavailable" and self._failure is not None:
            error.__cause__ = self._failure
        return error

    def now(self) -> float:
        """The time, in milliseconds since the Unix epoch.

        :raises ScopegateError: ``internal`` when the clock gives none.
        """
        now = self._options.clock()
        # Every comparison with NaN is false: no lifetime would be checked.
        if not isinstance(now, (int, float)) or not math.isfinite(now):
            raise host_error("internal", "The clock option must return milliseconds.")
        return now

    # Waiting for a flight.

    def _land(self, own: Flight | None, waits: int) -> None:
        flight = own or self._under_way()
        if flight is None:
            time.sleep(pause_of(waits))
            return
        if not flight.claimed and not flight.wait(_STANDSTILL_S):
            # Its event loop stands still, maybe for the very threads that wait here: they may be all that it has.
            self._take_over(self.core, flight)
        if not flight.wait():
            self._failed(self.core, flight, late(self._address))

    async def _land_async(self, own: Flight | None, waits: int) -> None:
        flight = own or self._under_way()
        if flight is None:
            await asyncio.sleep(pause_of(waits))
            return
        elsewhere = flight.loop is not asyncio.get_running_loop()
        if elsewhere and not flight.claimed and not await flight.wait_async(_STANDSTILL_S):
            self._take_over(self.core, flight)
        if not await flight.wait_async():
            self._failed(self.core, flight, late(self._address))

    def _under_way(self) -> Flight | None:
        flight = self._flight
        return None if flight is None or flight.over else flight

    # Performing one. A core that was replaced meanwhile is never told of a fetch that it did not ask for.

    def _start_thread(self, number: int) -> Flight:
        flight = self._flight = Flight(number)
        self._take_over(self.core, flight)
        return flight

    def _take_over(self, core: _core.Core, flight: Flight) -> None:
        """Performs it in a thread, unless one does already."""
        if flight.claim():
            self._run(core, flight, self._download)

    def _download(self) -> bytes:
        fetch = self._options.fetch
        return download(self._address) if fetch is None else run_fetch(fetch, self._address)

    def _run(self, core: _core.Core, flight: Flight, get: Callable[[], bytes]) -> None:
        thread = threading.Thread(target=self._fly, args=(core, flight, get), name="scopegate-jwks", daemon=True)
        try:
            thread.start()
        except RuntimeError as failure:  # No more threads, or the interpreter is about to end.
            self._failed(core, flight, failure)

    def _fly(self, core: _core.Core, flight: Flight, get: Callable[[], bytes]) -> None:
        try:
            self._fetched(core, flight, get())
        except Exception as failure:
            self._failed(core, flight, failure)

    def _start_task(self, number: int) -> Flight:
        if self._options.fetch is not None:
            return self._start_thread(number)
        loop = asyncio.get_running_loop()
        core, flight = self.core, Flight(number, loop)
        self._flight = flight
        task = loop.create_task(self._fly_async(core, flight))
        self._tasks.add(task)
        task.add_done_callback(partial(self._flown, core, flight))
        return flight

    async def _fly_async(self, core: _core.Core, flight: Flight) -> None:
        try:
            body = await download_async(self._address)
        except Exception as failure:
            if flight.claim():
                self._failed(core, flight, failure)
            return
        if flight.claim():
            # Reading it computes tables for milliseconds.
            self._run(core, flight, lambda: body)

    def _flown(self, core: _core.Core, flight: Flight, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            # The event loop ends, as each of asyncio.run() does, but the keys are for others, too.
            self._take_over(core, flight)

    def _fetched(self, core: _core.Core, flight: Flight, body: bytes) -> None:
        now = self.now()
        refusal = core.keys_fetched(flight.number, body, now)
        if refusal is None:
            self._document = (body, now)
        self._failure = None if refusal is None else ScopegateError(refusal)
        flight.end(lambda: None)

    def _failed(self, core: _core.Core, flight: Flight, failure: BaseException) -> None:
        # Without its traceback, which would keep everything alive that was there at the time.
        self._failure = failure.with_traceback(None)
        flight.end(lambda: core.keys_failed(flight.number, self.now()))

    # Forking.

    def _make(self) -> _core.Core:
        made = _core.Core.make(self._options.core, self._options.max_entries)
        if isinstance(made, _core.Refusal):
            raise ScopegateError(made)
        if self._document is not None:
            body, fetched_at = self._document
            made.restore_keys(body, fetched_at, fetched_at)
        return made

    def renew(self) -> None:
        """Starts again with the keys in hand: of the threads of the process only this one is left after a fork, and
        whatever another one held at that moment is held for ever."""
        self._flight = None
        self._tasks = set()
        self.core = self._make()


def _is_event_loop() -> bool:
    """Whether this thread runs an event loop, which everything else on it would wait for."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


_loaders: weakref.WeakSet[Loader] = weakref.WeakSet()


def _renew_all() -> None:
    for loader in list(_loaders):
        loader.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)


def asking(
    token: str, requirement: _core.Requirement, organization: str | None
) -> Ask[_core.AccessToken | _core.IdToken]:
    """The question whether a token is good."""
    return partial(_verify, token, requirement, organization)


def _verify(
    token: str, requirement: _core.Requirement, organization: str | None, core: _core.Core, now: float
) -> _core.AccessToken | _core.IdToken | _core.KeysNeeded | _core.Refusal:
    return core.verify(token, requirement, organization, now)
