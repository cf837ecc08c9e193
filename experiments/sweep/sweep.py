"""A study from its plan to a finished store, by as many sessions and processes as it takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.store import plain
from experiments.study.check import reference_place
from experiments.study.plan import Plan, Runs, shard_of
from experiments.study.schema import Study
from experiments.sweep.coordinator import Coordinator
from experiments.sweep.executors import executor_of
from experiments.sweep.locks import held_parts, writing
from experiments.sweep.replication import replicates_wanted, values_of
from experiments.sweep.running import Result
from experiments.sweep.scored import ScoredRun
from experiments.sweep.store import Store
from experiments.sweep.versions import versions
from experiments.sweep.writer import Writer
from model.scenario import Scenario

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


class Estimate(NamedTuple):
    """What a study will take, from a few runs of it."""

    runs: int
    points: int
    pilots: int
    seconds_per_run: float
    least_seconds: float
    most_seconds: float
    """The shortest and the longest pilot."""
    bytes_per_run: float


class Sweep:
    """A study to be run: its plan, and how a run of it is made.

    Args:
        study: what to run.
        folder: where the study file lies, for files that it names.
        network_file: a network in place of the scenario's.
    """

    def __init__(self, study: Study, folder: Path | None = None, network_file: str = "") -> None:
        self.study = study
        self.folder = folder or Path()
        self.plan: Plan = study.plan(self.folder)
        self.bases: dict[str, Scenario] = {}
        """Scenarios that lie under points, as they are read."""
        self.configuration = ScoredRun.of(study, self.folder, network_file)

    @property
    def most_replicates(self) -> int:
        """No point gets more."""
        return self.study.replication.most if self.study.replication else self.study.replicates

    def runs(self) -> Runs:
        """Every run that there is to be, or the most under sequential replication."""
        return self.plan.runs(self.most_replicates)

    def identity(self) -> dict[str, Any]:
        """What must be the same for runs to belong together."""
        return {
            "factors": sorted(self.study.factors), "seed": self.study.seed,
            "twins": self.study.twins, **self.configuration.identity(),
        }  # fmt: skip

    def store(self, folder: Path, overwrite: bool = False) -> Store:
        """The sweep's folder, made or found again."""
        about = {
            "study": self.study.model_dump(mode="json", by_alias=True),
            "parameters": {name: plain(flat(tables)) for name, tables in
                           self.configuration.scenarios.items()},
            "network_file": self.configuration.network_file,
            "study_folder": str(self.folder.resolve()), "wanted": len(self.runs()),
            **versions(),
        }  # fmt: skip
        store = Store.create(folder, self.identity(), about, overwrite)
        store.put_points(self.plan.points, self.plan.keys)
        return store

    # what it will take

    def pilot(
        self, count: int = 6, seconds: float = 10.0, timeout: float | None = None
    ) -> list[Result]:
        """A few runs, spread over the design; they are runs of the study.

        Args:
            count: at most so many.
            seconds: begin none after so long.
            timeout: seconds that a run may take; they run in a process of their own then, which
                can be ended.
        """
        runs = self.runs()
        some = np.unique(np.linspace(0, len(self.plan.points) - 1, count).round().astype(int))
        first = {int(k): row for row, k in reversed(list(enumerate(runs[:, 0].tolist())))}
        chosen = runs[sorted(first[int(k)] for k in some if int(k) in first)]
        begun = time.monotonic()
        results = []
        cases = self.plan.cases(chosen, self.study.seed, self.study.twins)
        with executor_of(0 if timeout is None else 1, self.configuration.preload, 1) as executor:
            coordinator = Coordinator(self.configuration, executor, timeout)
            for result in coordinator.run(cases, len(chosen)):
                results.append(result)
                if time.monotonic() - begun > seconds:
                    break
        return results

    def estimate(self, results: list[Result]) -> Estimate:
        """What the study will take, from pilot runs."""
        import io

        import pyarrow.parquet as pq

        from experiments.sweep.shards import table_of

        good = [result for result in results if result.output is not None]
        spent = [result.seconds for result in good] or [float("nan")]
        rows = [{**result.case.parameters, **result.output.values}
                for result in good if result.output]  # fmt: skip
        size = 0.0
        if rows:  # many rows, so that the file's own head counts little
            many = io.BytesIO()
            pq.write_table(table_of(rows * (2_000 // len(rows))), many, compression="zstd")
            size = len(many.getvalue()) / (2_000 // len(rows) * len(rows))
            values = sum(isinstance(value, float) for value in rows[0].values())
            size = max(size, 8.0 * values + 16.0)  # repeated rows shrink more than real ones
        series = [result.output.series for result in good if result.output and result.output.series]
        if series:
            size += 8.0 * float(np.mean([sum(map(len, table.values())) for table in series]))
        return Estimate(
            len(self.runs()), len(self.plan.points), len(good), float(np.mean(spent)),
            min(spent), max(spent), float(size),
        )  # fmt: skip

    # to run it

    def wanted(self, store: Store) -> Runs:
        """The runs that the study wants, as far as is known."""
        rule = self.study.replication
        if rule is None:
            return self.runs()
        columns = store.table().to_pydict() if store.count() else {}
        names = list(rule.until)
        values = values_of(
            {**columns, **{name: columns.get(self.study.column_of(name), []) for name in names}},
            self.plan, names, rule.most,
        )  # fmt: skip
        each = replicates_wanted(rule, values, reference_place(self.study, self.plan, self.folder))
        runs = self.runs()
        chosen: Runs = runs[runs[:, 1] < each[runs[:, 0]]]
        return chosen

    def missing(self, store: Store, part: tuple[int, int] = (1, 1)) -> Runs:
        """The runs that are still to be made."""
        finished = store.finished()
        mine = shard_of(self.wanted(store), *part)
        return self.plan.missing(mine, finished.points, finished.replicates)

    def run(
        self,
        store: Store,
        executor: Executor | int | None = None,
        part: tuple[int, int] = (1, 1),
        timeout: float | None = None,
        on_result: OnResult = lambda result: None,
        on_plan: Callable[[int, int], None] = lambda done, wanted: None,
        on_coordinator: Callable[[Coordinator], None] = lambda coordinator: None,
        pilots: list[Result] | None = None,
    ) -> Ended:
        """Make what is missing; go on where an earlier session stopped.

        Args:
            store: where results go.
            executor: who runs them: local processes (a number of them, by default one a core), or
                any executor with the interface of ``concurrent.futures``; 0 is this process.
            part: (i, n): only every n-th run, from the i-th on.
            timeout: seconds that a run may take.
            on_result: called for every result.
            on_plan: called with (finished, wanted) whenever it is decided what there is to do.
            on_coordinator: given what can be told to stop.
            pilots: runs made already.

        Raises:
            InputError: if another process writes the same part.
            OSError: if results cannot be written; all that was written stays.
        """
        with writing(store.folder, *part):
            put_aside = store.set_aside()
            return self._run(
                store, executor, part, timeout, on_result, on_plan, on_coordinator, pilots or [],
                put_aside,
            )  # fmt: skip

    def _run(
        self, store, executor, part, timeout, on_result, on_plan, on_coordinator, pilots, put_aside
    ) -> Ended:
        left = self.missing(store, part)
        wanted = len(shard_of(self.wanted(store), *part))
        before = wanted - len(left)
        on_plan(before, wanted)
        if not len(left):
            self._close(store, part)
            return Ended(wanted, before, 0, 0, 0, False, put_aside)
        about = {"part": list(part), **versions()}
        about["before"] = before
        writer = Writer(store, wanted, about)
        open_runs = {(self.plan.keys[k], r) for k, r in left.tolist()} if pilots else set()
        for result in pilots:  # one that failed is tried again
            named = (result.case.point, result.case.replicate)
            if named in open_runs and result.output is not None:
                writer.add(result)  # what went before tells nothing of the rate to come
        deaths = 0
        stopped = False
        failed: set[str] = set()
        with executor_of(executor, self.configuration.preload, len(left)) as ready:
            coordinator = Coordinator(self.configuration, ready, timeout)
            on_coordinator(coordinator)
            try:
                while True:
                    writer.flush()
                    left = self.missing(store, part)
                    todo = left
                    if failed:
                        names = [f"{self.plan.keys[k]}/{r}" for k, r in left.tolist()]
                        todo = left[[name not in failed for name in names]]
                    writer.wanted = len(shard_of(self.wanted(store), *part))
                    on_plan(writer.wanted - len(left), writer.wanted)
                    if not len(todo) or coordinator.stopping:
                        break
                    cases = self.plan.cases(todo, self.study.seed, self.study.twins)
                    for result in coordinator.run(cases, len(todo), writer.flush_if_due):
                        writer.add(result)
                        on_result(result)
                        if result.output is None:
                            failed.add(result.case.name)
                        writer.flush_if_due()
                    if self.study.replication is None:
                        break
            finally:
                writer.flush()
            deaths, stopped = coordinator.deaths, coordinator.stopping
        if not stopped:
            self._close(store, part)
        wanted = len(shard_of(self.wanted(store), *part))
        return Ended(wanted, before, writer.finished, writer.failed, deaths, stopped, put_aside)

    def _close(self, store: Store, part: tuple[int, int]) -> None:
        """Join the shards, if all parts are finished and nobody else is writing."""
        if held_parts(store.folder) == [part] and not len(self.missing(store)):
            store.compact()


def flat(tables: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's parameters by their flat names."""
    return {
        name: value for table in tables.values() if isinstance(table, Mapping)
        for name, value in table.items()
    }  # fmt: skip
