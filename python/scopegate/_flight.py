"""A fetch that is under way, for those who wait for it: threads, and coroutines of any event loop."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait

from scopegate._jwks import TIMEOUT_S

_GRACE_S = 1.0
"""What it may take to read the key set once it is there."""


class Flight:
    """One fetch. It ends by itself or, when nothing is heard of it in time, by whoever waits for it."""

    def __init__(self, number: int, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.number = number
        """The core's number of the fetch."""
        self.loop = loop
        """The event loop that performs it, if one does."""
        self._ended: Future[None] = Future()
        # A future that runs cannot be cancelled: a waiter that gives up must not end the wait of the others.
        self._ended.set_running_or_notify_cancel()
        self._deadline = time.monotonic() + TIMEOUT_S + _GRACE_S
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """Whether the caller is the first to ask, and with that the one who brings it to its end."""
        return self._claim.acquire(blocking=False)

    @property
    def claimed(self) -> bool:
        """Whether somebody brings it to its end: a thread, which nothing else can stop."""
        return self._claim.locked()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._ended.done()

    def end(self, report: Callable[[], None]) -> None:
        """Ends it with a report to the core, unless it has ended already."""
        try:
            report()
        finally:
            if not self._ended.done():
                self._ended.set_result(None)

    def wait(self, most: float = math.inf) -> bool:
        """Blocks until it has ended, for ``most`` seconds. ``False``: nothing was heard of it in time."""
        wait([self._ended], timeout=min(most, self._patience()))
        return self.over

    async def wait_async(self, most: float = math.inf) -> bool:
        """As :meth:`wait`, for coroutines."""
        await asyncio.wait([asyncio.wrap_future(self._ended)], timeout=min(most, self._patience()))
        return self.over

    def _patience(self) -> float:
        return max(0.0, self._deadline - time.monotonic())


def pause_of(attempt: int) -> float:
    """How long to wait, in seconds, for a fetch that somebody is just about to start."""
    return min(0.1, 0.01 * 2.0 ** min(attempt, 4))
