"""Giving runs to an executor and taking what comes back, whatever happens to workers meanwhile."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)

from experiments.study.plan import Case
from experiments.sweep.processes import LocalProcesses
from experiments.sweep.running import Result, RunConfiguration, run_chunk
from experiments.sweep.serial import Serial
from model.errors import InputError
from model.threads import available_cores

_CHUNK_SECONDS = 2.0
_DEATHS = 3
"""A run during which its worker died so often, with nothing else under way there, is to blame."""
_FIRST_DEATHS = 12
"""Deaths before a single result: workers can't live here at all."""


class BrokenError(InputError):
    """The executor can't go on; what is finished is kept."""


class Coordinator:
    """Runs cases by way of an executor, each exactly once, and yields their results.

    A lost worker costs nothing but time: what it had is run again, one by one, until the run to
    blame is found. Results come in no particular order.

    Args:
        configuration: how a run is made.
        executor: anything with the interface of ``concurrent.futures``.
        timeout: seconds that a run may take.
        capacity: how many chunks to keep under way; what the executor says, else 8.
    """

    def __init__(
        self,
        configuration: RunConfiguration,
        executor: Executor,
        timeout: float | None = None,
        capacity: int | None = None,
    ) -> None:
        self.configuration = configuration
        self.executor = executor
        self.timeout = timeout
        self.local = executor if isinstance(executor, LocalProcesses) else None
        self.capacity = capacity or getattr(executor, "capacity", None) or 8
        self.stopping = self.abandoning = self._running = False
        self.deaths = 0
        """Workers lost so far."""
        self._seconds: float | None = None
        self._suspects: deque[Case] = deque()
        self._died: dict[tuple[int, int], int] = {}
        self._lived = False

    def stop(self) -> None:
        """Give out nothing more; what is under way is still taken."""
        self.stopping = True
        if self.local is not None:
            self.local.stop()

    def abandon(self) -> bool:
        """Take nothing more; whether :meth:`run` is under way, and will therefore return."""
        self.stopping = self.abandoning = True
        if self.local is not None:
            self.local.kill()
        return self._running

    def run(
        self, cases: Iterable[Case], total: int, idle: Callable[[], object] = lambda: None
    ) -> Iterator[Result]:
        """Run cases.

        Args:
            cases: which.
            total: how many they are.
            idle: called every second or so.

        Raises:
            BrokenError: if the executor can't go on.
        """
        self._running = True
        try:
            yield from self._results(cases, total, idle)
        finally:
            self._running = False

    def _results(
        self, cases: Iterable[Case], total: int, idle: Callable[[], object]
    ) -> Iterator[Result]:
        waiting = iter(cases)
        left = total
        under_way: dict[Future[list[Result]], list[Case]] = {}
        exhausted = False
        while True:
            while not self.stopping and len(under_way) < self.capacity:
                chunk = self._next_chunk(waiting, left, exhausted)
                if not chunk:
                    exhausted = True
                    break
                left -= len(chunk)
                under_way[self._submit(chunk)] = chunk
            if not under_way:
                if self.stopping or (exhausted and not self._suspects):
                    return
                continue
            done, _ = wait(under_way, timeout=1.0, return_when=FIRST_COMPLETED)
            if self.abandoning:
                return
            for future in done:
                chunk = under_way.pop(future)
                results = self._outcome(future, chunk)
                ran = {result.case.name for result in results}
                yield from results
                if self.stopping:
                    continue
                cut_short = [case for case in chunk if case.name not in ran]
                if (
                    cut_short and not future.cancelled() and future.exception() is None
                ):  # told to stop, but not by us
                    self._suspects.extend(cut_short)
            idle()

    def _submit(self, chunk: list[Case]) -> Future[list[Result]]:
        return self.executor.submit(
            run_chunk, self.configuration, chunk, self.timeout, self.local is not None
        )

    def _next_chunk(self, waiting: Iterator[Case], left: int, exhausted: bool) -> list[Case]:
        if self._suspects:
            return [self._suspects.popleft()]
        if exhausted:
            return []
        size = 1
        if self._seconds is not None:
            # the last chunks are small, so that all workers end together
            fair = left * self._seconds / (3 * self.capacity)
            size = max(1, int(min(_CHUNK_SECONDS, fair) / max(self._seconds, 1e-6)))
        return list(itertools.islice(waiting, size))

    def _outcome(self, future: Future[list[Result]], chunk: list[Case]) -> list[Result]:
        try:
            results = future.result()
        except (BrokenExecutor, CancelledError) as error:
            return self._lost(future, chunk, error)
        except Exception as error:
            if type(error).__name__ == "KilledWorker":  # Dask's word for it
                return self._lost(future, chunk, error)
            # what came back couldn't be sent, or the executor itself is at fault
            said = f"{type(error).__name__}: {error}".splitlines()[0]
            if self.local is not None:
                self.local.took(future)
            if len(chunk) > 1:  # one of them is to blame
                self._suspects.extend(chunk)
                return []
            return [Result(case, None, 0.0, said, kind="raised") for case in chunk]
        if self.local is not None:
            self.local.took(future)
        self._lived = True
        for result in results:
            before = result.seconds if self._seconds is None else self._seconds
            self._seconds = before + 0.1 * (result.seconds - before)
        return results

    def _lost(
        self, future: Future[list[Result]], chunk: list[Case], error: BaseException
    ) -> list[Result]:
        """A worker died with these cases: they are run again, one by one."""
        said = self.local.died(future) if self.local is not None else ""
        self.deaths += not said
        if self.local is None and isinstance(error, BrokenExecutor):
            raise BrokenError(f"the executor broke ({error}); what is finished is kept")
        if not self._lived and self.deaths >= _FIRST_DEATHS:
            raise BrokenError(
                f"{self.deaths} workers died one after the other without finishing a run "
                f"(last: {error}); is there enough memory?"
            )
        if self.stopping:
            return []
        if len(chunk) > 1:
            self._suspects.extend(chunk)
            return []
        case = chunk[0]
        self._died[case.point, case.replicate] = died = (
            self._died.get((case.point, case.replicate), 0) + 1
        )
        if said:  # it hung, and didn't even notice that its time was over
            return [Result(case, None, self.timeout or 0.0, "hung, and was ended", said, "timeout")]
        if died < _DEATHS:
            self._suspects.append(case)
            return []
        return [Result(case, None, 0.0, f"its worker died {died} times", str(error), "died")]


def gather(
    configuration: RunConfiguration, cases: list[Case], workers: int | None = None
) -> Iterator[Result]:
    """Run a few cases on local processes, all of which must succeed.

    Args:
        configuration: how a run is made.
        cases: which.
        workers: processes; all cores by default, none but this one for 1.

    Raises:
        RuntimeError: with the traceback of the first that fails.
    """
    workers = min(workers or available_cores(), max(len(cases), 1))
    executor: Executor = LocalProcesses(workers, configuration.preload) if workers > 1 else Serial()
    try:
        for result in Coordinator(configuration, executor).run(cases, len(cases)):
            if result.output is None:
                raise RuntimeError(f"run {result.case.name}: {result.error}\n{result.trace}")
            yield result
    finally:
        executor.shutdown()
