"""Ctrl-C, and the signal with which schedulers end a process: one line, no traceback."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM


_said = False


def say(what: str = "nothing was written") -> None:
    """One line on stderr, once."""
    global _said
    if not _said:
        sys.stderr.write(f"interrupted; {what}\n")
        sys.stderr.flush()
    _said = True


def _stop_at_once(number: int, _frame: Any) -> None:
    """While libraries are imported an exception may surface in any of them; nothing is open yet."""
    say()
    os._exit(128 + number)


def _terminate(_number: int, _frame: Any) -> None:
    """A scheduler's or ``timeout``'s signal: end as after Ctrl-C, workers included."""
    sys.exit(TERMINATED)


def stop_at_once() -> None:
    """While libraries are imported: end on a signal without a word from any of them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop_at_once)


def unwind() -> None:
    """From here on a signal unwinds what is under way, so that it can clean up."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminate)


def end() -> None:
    """The process is about to end: another signal must not change with what status it does."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


class Stopping:
    """Whether, and by which signal, work was asked to stop."""

    status = 0
    """Of the process, if it was."""


@contextmanager
def gracefully(stop: Callable[[], None]) -> Iterator[Stopping]:
    """The first signal calls ``stop``, which lets work end; a second one unwinds at once."""
    asked = Stopping()

    def ask(number: int, _frame: Any) -> None:
        if asked.status:
            end()  # what is finished is being written: a third signal must not cut that short
            raise KeyboardInterrupt
        asked.status = 128 + number
        sys.stderr.write("\nstopping: what is under way is kept if it ends within seconds "
                         "(again: stop at once)\n")  # fmt: skip
        sys.stderr.flush()
        stop()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        if signal.getsignal(signal.SIGINT) is ask:
            for number, handler in before.items():
                signal.signal(number, handler)
