"""Threads for large societies: each lives the period (or the birth) of one part of the citizens.

Who lives in which part and in which order doesn't show in the results: everybody reads the old
record, writes only the own row of the new one, and draws by address. Compiled loops, and those of
numpy and scipy, let go of Python's lock, so ordinary threads will do.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise

_PARTS_PER_THREAD = 4  # so that a thread that was held up is waited for less


@lru_cache(maxsize=8)
def _pool(threads: int, _process: int) -> ThreadPoolExecutor:
    """Threads are made once for each number; a forked process makes its own."""
    return ThreadPoolExecutor(threads, thread_name_prefix="scored")


def in_parts(
    work: Callable[[int, int], object], citizens: int, threads: int, block: int, most: int = 0
) -> None:
    """Call ``work(begin, end)`` on parts that make up all citizens; return when all are done.

    The calling thread works too: to wake one thread less matters where a period takes 4 ms.

    Args:
        work: done on each part, in any order.
        citizens: how many.
        threads: with one there is one part, unless that would hold too many.
        block: parts begin at multiples of it.
        most: citizens in a part at most, where room for each is needed; 0 for as many as may be.
    """
    blocks = -(-citizens // block)
    parts = min(threads * _PARTS_PER_THREAD, blocks) if threads > 1 else 1
    if most:
        parts = min(max(parts, -(-citizens // most)), blocks)
    if parts < 2:
        work(0, citizens)
        return
    bounds = [min(blocks * k // parts * block, citizens) for k in range(parts + 1)]
    waiting = iter(
        list(pairwise(bounds))
    )  # whoever is free takes the next: Python's lock guards it

    def take_parts() -> None:
        for part in waiting:
            work(*part)

    if threads == 1:
        take_parts()
        return
    pool = _pool(threads - 1, os.getpid())
    helpers = [pool.submit(take_parts) for _ in range(threads - 1)]
    try:
        take_parts()
    finally:  # nobody goes on writing after an interrupt
        for helper in helpers:
            helper.result()


def available_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
