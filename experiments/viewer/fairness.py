"""Long work, one piece after the other: whoever had least of it lately goes first."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_HALVED_AFTER = 60.0
"""Seconds after which half of what somebody had is forgotten."""


class Share:
    """What one visitor had of the server's time.

    >>> share = Share()
    >>> share.take(3.0, now=0.0)
    >>> share.had(now=60.0)
    1.5
    """

    def __init__(self) -> None:
        self._seconds = self._then = 0.0

    def had(self, now: float) -> float:
        """Seconds, those of long ago for less."""
        return float(self._seconds * 0.5 ** (max(now - self._then, 0.0) / _HALVED_AFTER))

    def take(self, seconds: float, now: float) -> None:
        """It had some more."""
        self._seconds = self.had(now) + seconds
        self._then = now


class LongWork:
    """Societies are built, laid out and caught up with here, in a thread of their own.

    One piece at a time, so that a core is left for whoever watches; a visitor who asks for much
    waits for those who ask for little.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "long")
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()
        self._busy = False

    async def do(self, share: Share, work: Callable[[], Any]) -> Any:
        """Do something when it is this visitor's turn."""
        loop = asyncio.get_running_loop()
        if self._busy:
            turn: asyncio.Future[None] = loop.create_future()
            place = (share.had(time.monotonic()), next(self._count), turn)
            heapq.heappush(self._waiting, place)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():  # it was ours already: pass it on
                    self._next()
                raise
        self._busy = True
        begun = time.monotonic()
        job = loop.run_in_executor(self._pool, work)

        def done(_: Any) -> None:
            share.take(time.monotonic() - begun, time.monotonic())
            self._next()

        job.add_done_callback(done)
        return await asyncio.shield(job)  # who leaves can't end a thread: the next waits for it

    def _next(self) -> None:
        self._busy = False
        while self._waiting:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():
                self._busy = True
                turn.set_result(None)
                return

    def end(self) -> None:
        """Nothing more is begun."""
        self._pool.shutdown(wait=False, cancel_futures=True)
