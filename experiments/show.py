"""What the command prints: tables, a progress bar on a terminal, plain lines in a log."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.table import Table

if TYPE_CHECKING:
    from rich.progress import Progress

# Away from a terminal (a log, a pipe, a page of documentation) lines need not be short.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else 120)

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


class Steps:
    """Progress of long work: call it after each step; on a terminal, in a log, or unseen."""

    def __init__(self, total: int, what: str) -> None:
        self.total, self.what, self.done = total, what, 0

    def __call__(self) -> None:
        """One step more is done."""
        self.done += 1

    def aim(self, done: int, total: int) -> None:
        """There is more or less to do than was thought."""
        self.done, self.total = done, total


class _Bar(Steps):
    """A bar with rate and time left."""

    def __init__(self, total: int, what: str, bar: Progress) -> None:
        super().__init__(total, what)
        self.bar = bar
        self.task = bar.add_task(what, total=total)

    def __call__(self) -> None:
        super().__call__()
        self.bar.advance(self.task)

    def aim(self, done: int, total: int) -> None:
        super().aim(done, total)
        if done == self.bar.tasks[self.task].completed:
            self.bar.update(self.task, total=total)
        else:  # what was done before says nothing about the rate
            self.bar.reset(self.task, total=total, completed=done)


class _Log(Steps):
    """A line now and then."""

    def __init__(self, total: int, what: str) -> None:
        super().__init__(total, what)
        self.begun = self.said = time.monotonic()
        self.before = 0

    def __call__(self) -> None:
        super().__call__()
        now = time.monotonic()
        if now - self.said >= _LOG_SECONDS:
            self.said = now
            rate = (self.done - self.before) / (now - self.begun)
            left = duration((self.total - self.done) / rate)
            err.print(f"{self.what}: {self.done}/{self.total}, {rate:.1f}/s, {left} left")

    def aim(self, done: int, total: int) -> None:
        if done != self.done:
            self.before += done - self.done
        super().aim(done, total)


@contextmanager
def progress(total: int, what: str, quiet: bool = False) -> Iterator[Steps]:
    """Something to call after each of ``total`` steps.

    On a terminal a bar with rate and time left; in a log a line now and then; under ``quiet``
    nothing. All of it on stderr.
    """
    if quiet:
        yield Steps(total, what)
    elif sys.stderr.isatty():
        with _bar(what) as bar:
            yield _Bar(total, what, bar)
    else:
        yield _Log(total, what)


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


def table(headers: list[tuple[str, str]], rows: list[list[str]], title: str = "") -> Group:
    """A table, to be printed by ``out``; headers are (text, justification)."""
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, (text, justify) in enumerate(headers):
        keep = justify == "right" or place == 0
        shown.add_column(text, justify=justify, no_wrap=keep)  # type: ignore[arg-type]
    for row in rows:
        shown.add_row(*row)
    # a title of the table's own would be wrapped at the table's width
    return Group(f"[italic]{title}[/italic]", shown) if title else Group(shown)


def print_json(value: Any) -> None:
    """One JSON object on stdout, and nothing else."""
    import json

    from experiments.store import plain

    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")


def duration(seconds: float) -> str:
    """A length of time as a person would say it.

    >>> duration(0.4), duration(75), duration(5400), duration(200_000)
    ('under a second', '1 min 15 s', '1 h 30 min', '2 d 7 h')
    """
    if math.isnan(seconds):
        return "an unknown time"
    if seconds < 1.0:
        return "under a second"
    units = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    whole = round(seconds)
    parts: list[str] = []
    for size, unit in units:
        count, whole = divmod(whole, size)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(part for part in parts if part)


def size_of(count: float) -> str:
    """A number of bytes as a person would say it.

    >>> size_of(500), size_of(2.5e6), size_of(3e9)
    ('under 1 kB', '2.5 MB', '3.0 GB')
    """
    for size, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return "under 1 kB"
