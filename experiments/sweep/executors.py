"""Who runs: local processes, this process, or whatever executor somebody brings."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from experiments.sweep.processes import LocalProcesses
from experiments.sweep.serial import Serial
from model.errors import InputError
from model.threads import available_cores


@contextmanager
def executor_of(
    given: Executor | int | None, preload: tuple[str, ...], runs: int
) -> Iterator[Executor]:
    """An executor: the one given, or local processes that end here."""
    if isinstance(given, Executor) or hasattr(given, "submit"):
        yield given  # type: ignore[misc]
        return
    workers = available_cores() if given is None else given
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 0:
        raise InputError(f"executor = {given!r}: a number of processes ≥ 0, or an executor")
    if workers == 0:
        yield Serial()
        return
    processes = LocalProcesses(min(workers, max(runs, 1)), preload)
    try:
        yield processes
    finally:
        processes.shutdown()
