"""Ctrl-C, and the signal with which schedulers end a process: one line, no traceback."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM

_PATIENCE = 5.0
"""Seconds after a second signal from which on a third one ends the process as it is."""

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


class Work(Protocol):
    """What can be told to stop."""

    def stop(self) -> None:
        """Begin nothing more, and take what is under way."""

    def abandon(self) -> bool:
        """Let go of what is under way; whether there is anything that will see to that."""


class Stopping:
    """Whether, and by which signal, work was asked to stop."""

    status = 0
    """Of the process, if it was."""
    twice_at = 0.0
    """When it was asked a second time."""


@contextmanager
def gracefully(works: Sequence[Work]) -> Iterator[Stopping]:
    """The first signal lets works end, a second one abandons what is under way.

    Neither raises while a work listens: an exception from a signal would be lost if it came up in
    a callback of the interpreter, and what is finished is still to be written.

    Args:
        works: looked at when a signal comes.
    """
    asked = Stopping()

    def ask(number: int, _frame: Any) -> None:
        if not asked.status:
            asked.status = 128 + number
            sys.stderr.write("\nstopping: what is under way is kept if it ends within seconds "
                             "(again: stop at once)\n")  # fmt: skip
            sys.stderr.flush()
            for work in works:
                work.stop()
        elif not asked.twice_at:
            asked.twice_at = time.monotonic()
            listening = [work.abandon() for work in works]  # all of them
            if not any(listening):
                raise KeyboardInterrupt
        elif time.monotonic() - asked.twice_at > _PATIENCE:
            os._exit(asked.status)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
