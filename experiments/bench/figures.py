"""What a benchmark says, and how two things are compared."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """One line of the benchmark."""

    name: str
    value: float
    unit: str
    aim: str
    detail: str


def seconds_of(work: Callable[[], Any]) -> float:
    """What a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def own_peak() -> float:
    """Most bytes that this process has held in memory; nan where the system doesn't say.

    Not ``ru_maxrss``: that goes on from the process which began this one.
    """
    status = Path("/proc/self/status")
    told = status.read_text().partition("VmHWM:")[2].split()[:1] if status.exists() else []
    return float(told[0]) * 1024.0 if told else float("nan")


class Compared(NamedTuple):
    """Two pieces of work timed in turns."""

    ratio: float
    """Median over rounds of first / second: what disturbs a round disturbs both."""
    first: float
    """Median seconds."""
    second: float


def compare(rounds: int, first: Callable[[], Any], second: Callable[[], Any]) -> Compared:
    """Time two pieces of work in turns, after one unmeasured round."""
    times = [(seconds_of(first), seconds_of(second)) for _ in range(rounds + 1)][1:]
    return Compared(
        statistics.median(a / b for a, b in times),
        statistics.median(a for a, _ in times),
        statistics.median(b for _, b in times),
    )
