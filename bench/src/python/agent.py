"""Measures inside Python: ``agent.py TASK-FILE`` writes the timings to the standard output as JSON.

The rounds are those of ``measure.ts``: subjects take turns, A B C A B C …, after a warm-up and a proof that they accept
and refuse what they should.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from subjects import SUBJECTS, Check, Job

warnings.simplefilter("ignore")

BATCH = 256
"""Tokens that are made ready before the clock starts."""
MIN_COUNT = 4
"""The least number of operations a figure may rest on in one round."""


class Runner:
    """A subject that proved itself, with its place in the pool of tokens."""

    def __init__(self, name: str, check: Check, job: Job) -> None:
        self.check = check
        self.pool = [token.encode() for token in job["tokens"]]
        self.place = 0
        self.count = MIN_COUNT
        check(job["tokens"][0])
        for flaw, token in job["refused"].items():
            try:
                check(token)
            except Exception:
                continue
            raise SystemExit(f"{name} accepts a token with a bad {flaw}")

    def run(self, count: int) -> float:
        """Verifies ``count`` tokens, one after another. Gives the seconds, without the time to make them ready."""
        total = 0.0
        for done in range(0, count, BATCH):
            # Strings nobody has seen: as when they arrive with a request, no hash of them is cached.
            tokens = [self.next() for _ in range(min(BATCH, count - done))]
            check = self.check
            started = time.perf_counter()
            for token in tokens:
                check(token)
            total += time.perf_counter() - started
        return total

    def next(self) -> str:
        token = self.pool[self.place].decode()
        self.place = (self.place + 1) % len(self.pool)
        return token

    def warm_up(self, seconds: float, round_seconds: float) -> None:
        """Runs for a while, and finds out how many operations fill a round."""
        spent, done = 0.0, 0
        while spent < seconds:
            count = MIN_COUNT if spent < seconds / 4 else max(MIN_COUNT, done // 2)
            took = self.run(count)
            self.count = max(MIN_COUNT, round(count / took * round_seconds))
            spent, done = spent + took, done + count


def measure(task: dict[str, Any]) -> dict[str, list[float]]:
    """The time of one operation in each round, in microseconds."""
    job, plan = task["job"], task["plan"]
    runners = {name: Runner(name, SUBJECTS[name](job, task["entries"]), job) for name in task["subjects"]}
    for runner in runners.values():
        runner.warm_up(plan["warmupMs"] / 1000, plan["roundMs"] / 1000)
    timings: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(plan["rounds"]):
        for name, runner in runners.items():
            timings[name].append(runner.run(runner.count) / runner.count * 1e6)
    return timings


print(json.dumps(measure(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
