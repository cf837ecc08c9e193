"""Running many worlds on all cores: plain data in, a row of measures out.

Behind the ``concurrent.futures`` interface; no agent, world or graph ever crosses a process border.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from functools import lru_cache
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from typing import Any, NamedTuple

from experiments.run import window_means
from model.errors import InputError
from model.networks import EdgeList
from model.scenario import build
from model.world import World, available_cores


class Task(NamedTuple):
    """One run as plain data."""

    scenario: dict[str, Any]
    """The nested tables of a scenario, its seed included."""
    network_file: str
    periods: int
    measures: list[str]
    window: int
    every: int


class Row(NamedTuple):
    """What came of a task."""

    measures: dict[str, float]
    fingerprint: str
    seconds: float


@lru_cache(maxsize=2)
def _network(file: str) -> EdgeList:
    from model.networks.files import read_network

    return read_network(Path(file))


def run_task(task: Task) -> Row:
    """Run one task in this process, on one thread."""
    begun = time.perf_counter()
    scenario = build(task.scenario, {}, "task")
    file = task.network_file or scenario.network.network_file
    world = World(scenario, network=_network(file) if file else None, threads=1)
    measures = window_means(world, task.periods, task.measures, task.window, task.every)
    return Row(measures, world.fingerprint(), time.perf_counter() - begun)


def _end_with_parent() -> None:
    """A worker whose parent is gone, however it ended, would wait for work for ever."""

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _run_chunk(tasks: list[tuple[int, Task]]) -> list[tuple[int, Row]]:
    return [(number, run_task(task)) for number, task in tasks]


def run_all(
    tasks: Iterable[Task],
    workers: int | None = None,
    on_row: Callable[[int, Row], None] = lambda number, row: None,
) -> Iterator[tuple[int, Row]]:
    """Run tasks, yielding (number of the task, row) as they finish.

    Args:
        tasks: what to run.
        workers: processes; all cores by default, none (in this process) for 1.
        on_row: called for each finished row, in this process.
    """
    numbered = list(enumerate(tasks))
    workers = min(workers or available_cores(), max(len(numbered), 1))
    if workers < 1:
        raise InputError(f"--workers {workers}: at least 1")
    if workers == 1:
        for number, task in numbered:
            row = run_task(task)
            on_row(number, row)
            yield number, row
        return
    # small chunks, so that the last ones end together; a few ahead, so that no worker waits
    size = max(1, min(16, len(numbered) // (workers * 8)))
    chunks = [numbered[at : at + size] for at in range(0, len(numbered), size)]
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_end_with_parent
    ) as pool:
        waiting: set[Future[list[tuple[int, Row]]]] = set()
        try:
            while chunks or waiting:
                while chunks and len(waiting) < 2 * workers:
                    waiting.add(pool.submit(_run_chunk, chunks.pop(0)))
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    for number, row in future.result():
                        on_row(number, row)
                        yield number, row
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in active_children():  # else they would finish what they have begun
                worker.terminate()
            raise
