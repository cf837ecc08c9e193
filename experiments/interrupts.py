"""Ctrl-C, and the signal with which schedulers end a process: one line, no traceback."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM


def say() -> None:
    """One line, on stderr."""
    sys.stderr.write("interrupted; nothing was written\n")
    sys.stderr.flush()


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
