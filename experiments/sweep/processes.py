"""Local worker processes that may die, hang or grow without harm to each other.

One ``ProcessPoolExecutor`` of a single process for each worker: if one dies, only what it was doing
is lost, and one knows what that was. (A pool of several breaks as a whole.) The processes come from
a server that has imported what they need, so that a new one is there in milliseconds; they are
renewed now and then, so that nothing that a model leaks adds up.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_all_start_methods, get_context, parent_process
from pathlib import Path
from typing import Any

from experiments.sweep.running import begin_worker

_RENEWED_AFTER = 200
"""Chunks of a second or more: some minutes."""


def _begin(stop: Any, traces: str) -> None:
    """First thing in a worker: leave signals to the coordinator, and end when it does.

    Ctrl-C and a scheduler's SIGTERM reach all processes; the coordinator takes what is done.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    begin_worker(stop, traces)
    gc.freeze()

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _Worker:
    """One process, and what it has been given."""

    def __init__(self, context: Any, stop: Any, traces: Path) -> None:
        self.context, self.stop, self.traces = context, stop, traces
        self.chunks = 0
        self.busy = False
        self._begin()

    def _begin(self) -> None:
        self.pool = ProcessPoolExecutor(
            1, mp_context=self.context, initializer=_begin,
            initargs=(self.stop, str(self.traces)),
        )  # fmt: skip

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        if self.chunks >= _RENEWED_AFTER:
            self.renew()
        self.chunks += 1
        self.busy = True
        return self.pool.submit(work, *arguments)

    def renew(self, kill: bool = False) -> None:
        if kill:
            self.kill()
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.chunks = 0
        self._begin()

    def processes(self) -> list[Any]:
        return list((self.pool._processes or {}).values())

    def kill(self) -> None:
        for process in self.processes():
            process.kill()


def main_has_no_file() -> bool:
    """Whether this is a notebook or a program on standard input, which workers can't read."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    return getattr(main, "__spec__", None) is None and not (file and Path(file).is_file())


def _context(preload: tuple[str, ...]) -> Any:
    main = sys.modules["__main__"]
    if main_has_no_file() and hasattr(main, "__file__"):
        del main.__file__  # "<stdin>": multiprocessing would have workers open it
    methods = get_all_start_methods()
    context: Any = get_context("forkserver" if "forkserver" in methods else "spawn")
    if hasattr(context, "set_forkserver_preload"):
        context.set_forkserver_preload(["experiments.sweep.running", *preload])
    return context


def warm_up(preload: tuple[str, ...]) -> None:
    """Begin the server that workers come from, so that it imports while something else is done."""
    if "forkserver" in get_all_start_methods():
        from multiprocessing import forkserver

        _context(preload)
        forkserver.ensure_running()


class LocalProcesses(Executor):
    """An executor of local processes; after a death it goes on by itself.

    Args:
        workers: how many.
        preload: modules to import once for all.
    """

    def __init__(self, workers: int, preload: tuple[str, ...] = ()) -> None:
        self._context = _context(preload)
        self._stop = self._context.Event()
        self._folder = tempfile.TemporaryDirectory(prefix="scored-")
        self._workers = [
            _Worker(self._context, self._stop, Path(self._folder.name) / f"{k}.txt")
            for k in range(workers)
        ]
        self.capacity = workers
        """How many chunks can be under way."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Give work to a worker that has none.

        Raises:
            RuntimeError: if all have.
        """
        worker = next((one for one in self._workers if not one.busy), None)
        if worker is None:
            raise RuntimeError("every worker is busy")
        future = worker.submit(work, *args, **kwargs)
        future.worker = worker  # type: ignore[attr-defined]
        return future

    def took(self, future: Future[Any]) -> None:
        """Say that a future's outcome was taken: its worker may have new work."""
        future.worker.busy = False  # type: ignore[attr-defined]

    def died(self, future: Future[Any]) -> str:
        """Replace the worker on which a future broke; returns what it said of where it hung."""
        worker = future.worker  # type: ignore[attr-defined]
        try:
            said: str = worker.traces.read_text("utf-8")
        except OSError:
            said = ""
        worker.renew(kill=True)
        worker.busy = False
        return said

    def stop(self) -> None:
        """Ask workers to return after the run that they are at."""
        self._stop.set()

    def kill(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self._workers:
            worker.kill()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all workers, at once."""
        processes = [process for worker in self._workers for process in worker.processes()]
        for worker in self._workers:
            worker.pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join(5)
        self._folder.cleanup()
