"""One process's work on a sweep: what is missing is made and written, until nothing is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from experiments.study.plan import Runs, shard_of
from experiments.sweep.coordinator import Coordinator
from experiments.sweep.executors import executor_of
from experiments.sweep.pilot import PILOTS, Estimate, estimate, spread
from experiments.sweep.running import Result
from experiments.sweep.store import Store
from experiments.sweep.versions import versions
from experiments.sweep.writer import Writer
from model.errors import InputError

if TYPE_CHECKING:
    from experiments.sweep.sweep import Sweep

OnResult = Callable[[Result], None]


class Ended(NamedTuple):
    """How a session of a sweep ended."""

    wanted: int
    """Runs that the study has, in this part of it."""
    before: int
    """Of them, finished before."""
    finished: int
    """Of them, finished by this session."""
    failed: int
    deaths: int
    """Workers lost."""
    stopped: bool
    """Whether it was asked to stop."""
    put_aside: list[Path]
    """Shards whose bytes had changed."""


class Session:
    """One process's work on a sweep."""

    def __init__(
        self, sweep: Sweep, store: Store, part: tuple[int, int], timeout: float | None,
        on_result: OnResult, on_plan: Callable[[int, int], None],
    ) -> None:  # fmt: skip
        self.sweep, self.store, self.part, self.timeout = sweep, store, part, timeout
        self.on_result, self.on_plan = on_result, on_plan
        self.failed: set[tuple[int, int]] = set()

    def run(
        self,
        executor: Executor | int | None,
        on_coordinator: Callable[[Coordinator], None],
        on_estimate: Callable[[Estimate], None] | None,
    ) -> Ended:
        """Make what is missing."""
        sweep = self.sweep
        left, wanted = self._left()
        before = wanted - len(left)
        self.on_plan(before, wanted)
        if not len(left):
            return Ended(wanted, before, 0, 0, 0, False, [])
        about = {"part": list(self.part), "before": before, **versions()}
        self.writer = writer = Writer(self.store, wanted, about)
        with executor_of(executor, sweep.configuration.preload, len(left)) as ready:
            coordinator = Coordinator(sweep.configuration, ready, self.timeout)
            on_coordinator(coordinator)
            try:
                if on_estimate is not None and before == 0 and self.part == (1, 1):
                    self._pilot(coordinator, left, on_estimate)
                while not coordinator.stopping:
                    writer.flush()
                    left, writer.wanted = self._left()
                    self.on_plan(writer.wanted - len(left) - len(self.failed), writer.wanted)
                    if not len(left):
                        break
                    self._make(coordinator, left)
                    if sweep.study.replication is None:
                        break
            finally:
                writer.flush()
            deaths, stopped = coordinator.deaths, coordinator.stopping
        return Ended(writer.wanted, before, writer.finished, writer.failed, deaths, stopped, [])

    def _left(self) -> tuple[Runs, int]:
        """The runs to be made, without those that failed in this session; how many are wanted."""
        finished = self.store.finished()
        mine = shard_of(self.sweep.wanted(self.store), *self.part)
        left = self.sweep.plan.missing(mine, finished.points, finished.replicates)
        if self.failed:
            kept = [(k, r) not in self.failed for k, r in left.tolist()]
            left = left[kept]
        return left, len(mine)

    def _make(self, coordinator: Coordinator, runs: Runs) -> list[Result]:
        """Run and write; the results only of a pilot are needed here."""
        study, plan, few = self.sweep.study, self.sweep.plan, []
        cases = plan.cases(runs, study.seed, study.twins)
        for result in coordinator.run(cases, len(runs), self.writer.flush_if_due):
            self.writer.add(result)
            self.on_result(result)
            if result.output is None:
                self.failed.add((plan.place[result.case.point], result.case.replicate))
            if len(runs) <= PILOTS:
                few.append(result)
            self.writer.flush_if_due()
            if self.part == (1, 1):
                self.writer.join_if_many()
        return few

    def _pilot(
        self, coordinator: Coordinator, left: Runs, on_estimate: Callable[[Estimate], None]
    ) -> None:
        """The first few runs, from all over the design, tell what the study will take."""
        results = self._make(coordinator, spread(left, PILOTS))
        if coordinator.stopping or not results:
            return
        if all(result.kind == "raised" for result in results):
            raise InputError(f"the first runs all failed, of which one:\n{results[0].trace}")
        on_estimate(estimate(self.sweep, results))
