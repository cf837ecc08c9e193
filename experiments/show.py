"""What the command prints: tables, a progress bar on a terminal, plain lines in a log."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

# Away from a terminal (a log, a pipe, a page of documentation) lines need not be short.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
err = Console(stderr=True, highlight=False)

_LOG_SECONDS = 10.0


def _bar(what: str) -> Progress:
    """A bar with count, rate and time left."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:,.1f}/s")

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    return Progress(*columns, console=err, transient=True)


@contextmanager
def progress(total: int, what: str, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """A function to call after each of ``total`` steps.

    On a terminal a bar with rate and time left; in a log a line now and then; under ``quiet``
    nothing. All of it on stderr.
    """
    if quiet:
        yield lambda: None
    elif sys.stderr.isatty():
        with _bar(what) as bar:
            task = bar.add_task(what, total=total)
            yield lambda: bar.advance(task)
    else:
        begun = said = time.monotonic()
        done = 0

        def log() -> None:
            nonlocal said, done
            done += 1
            now = time.monotonic()
            if now - said >= _LOG_SECONDS:
                said = now
                rate = done / (now - begun)
                left = (total - done) / rate
                err.print(f"{what}: {done}/{total}, {rate:.1f}/s, {left:.0f} s left")

        yield log


def number(value: float, digits: int = 4) -> str:
    """A number as a person would write it.

    >>> number(0.123456), number(657.31), number(float("nan")), number(12345678.0)
    ('0.1235', '657.31', '–', '12,345,678')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if abs(value) >= 100_000:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 100 else f"{value:.{digits}f}"


def table(headers: list[tuple[str, str]], rows: list[list[str]], title: str = "") -> Table:
    """A rich table; headers are (text, justification)."""
    shown = Table(
        title=title or None, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for place, (text, justify) in enumerate(headers):
        keep = justify == "right" or place == 0
        shown.add_column(text, justify=justify, no_wrap=keep)  # type: ignore[arg-type]
    for row in rows:
        shown.add_row(*row)
    return shown


def print_json(value: Any) -> None:
    """One JSON object on stdout, and nothing else."""
    import json

    from experiments.store import plain

    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
