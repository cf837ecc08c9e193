"""Threads for large societies: each lives the period of one part of the citizens.

Who lives in which part and in which order doesn't show in the results: everybody reads the old
record, writes only the own row of the new one, and draws by address. Compiled loops let go of
Python's lock, so ordinary threads will do.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise

from model.engine.speaking import Scratch, empty_scratch
from model.state import BLOCK

_PARTS_PER_THREAD = 4  # so that a thread that was held up is waited for less


@lru_cache(maxsize=8)
def _pool(threads: int, _process: int) -> ThreadPoolExecutor:
    """Threads are made once for each number; a forked process makes its own."""
    return ThreadPoolExecutor(threads, thread_name_prefix="scored")


_own = threading.local()


def own_scratch() -> Scratch:
    """This thread's room for a block: made once, since fresh memory is slow at first touch."""
    if not hasattr(_own, "scratch"):
        _own.scratch = empty_scratch()
    scratch: Scratch = _own.scratch
    return scratch


def in_parts(work: Callable[[int, int], object], citizens: int, threads: int) -> None:
    """Call ``work(begin, end)`` on parts that make up all citizens; return when all are done.

    The calling thread works too: to wake one thread less matters where a period takes 4 ms. Parts
    begin at multiples of a block. With one thread there is one part and no other thread.
    """
    blocks = -(-citizens // BLOCK)
    parts = min(threads * _PARTS_PER_THREAD, blocks)
    if threads == 1 or parts < 2:
        work(0, citizens)
        return
    bounds = [min(blocks * k // parts * BLOCK, citizens) for k in range(parts + 1)]
    waiting = iter(
        list(pairwise(bounds))
    )  # whoever is free takes the next: Python's lock guards it

    def take_parts() -> None:
        for part in waiting:
            work(*part)

    pool = _pool(threads - 1, os.getpid())
    helpers = [pool.submit(take_parts) for _ in range(threads - 1)]
    try:
        take_parts()
    finally:  # nobody goes on writing after an interrupt
        for helper in helpers:
            helper.result()
