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
from experiments.sweep.identity import StoreError
from experiments.sweep.locks import Busy, writing
from experiments.sweep.replication import replicates_wanted, values_of
from experiments.sweep.running import Result
from experiments.sweep.scored import ScoredRun
from experiments.sweep.store import Store
from experiments.sweep.versions import versions
from experiments.sweep.writer import Writer
from model.errors import InputError
from model.scenario import Scenario

OnResult = Callable[[Result], None]

_PILOTS = 6
_PILOT_SECONDS = 20.0


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

    def about(self, wanted: int) -> dict[str, Any]:
        """What else a sweep's folder remembers."""
        return {
            "study": self.study.model_dump(mode="json", by_alias=True),
            "parameters": {name: plain(flat(tables)) for name, tables in
                           self.configuration.scenarios.items()},
            "network_file": self.configuration.network_file,
            "study_folder": str(self.folder.resolve()), "wanted": wanted,
            **versions(),
        }  # fmt: skip

    def store(self, folder: Path, overwrite: bool = False) -> Store:
        """The sweep's folder, made or found again; what it remembers is renewed by :meth:`run`."""
        about = self.about(len(self.runs()))
        if not overwrite and (folder / "sweep.json").is_file():
            self._check_parameters(Store(folder))
        return Store.create(folder, self.identity(), about, overwrite)

    def _check_parameters(self, store: Store) -> None:
        """Whether base parameters are those of a store: by name, where digests would say nothing.

        Raises:
            StoreError: saying which differ.
        """
        faults = []
        for name, had in store.about.get("parameters", {}).items():
            now = plain(flat(self.configuration.scenarios.get(name, {})))
            faults += [f"{key}: there {had[key]!r}, now {now[key]!r}" for key in had
                       if now and key != "network_file" and had[key] != now.get(key)]  # fmt: skip
        faults = [fault for fault in faults if not fault.startswith("seed:")]
        if faults:
            raise StoreError(
                f"{store.folder} holds another sweep; choose another folder, or add --overwrite "
                "(which throws away what is there).\n  " + "\n  ".join(faults[:5])
            )

    # what it will take

    def pilot(self, count: int = _PILOTS) -> list[Result]:
        """A few runs in a process of their own, spread over the design; they are kept nowhere."""
        chosen = self._spread(self.runs(), count)
        cases = self.plan.cases(chosen, self.study.seed, self.study.twins)
        with executor_of(1, self.configuration.preload, 1) as executor:
            coordinator = Coordinator(self.configuration, executor)
            results = []
            begun = time.monotonic()
            for result in coordinator.run(cases, len(chosen)):
                results.append(result)
                if time.monotonic() - begun > _PILOT_SECONDS:
                    break
        return results

    def _spread(self, runs: Runs, count: int) -> Runs:
        """A few of the runs, of points from all over the design."""
        places, first = np.unique(runs[:, 0], return_index=True)
        some = np.unique(np.linspace(0, len(places) - 1, count).round().astype(int))
        chosen: Runs = runs[np.sort(first[some])]
        return chosen

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
        on_estimate: Callable[[Estimate], None] | None = None,
    ) -> Ended:
        """Make what is missing; go on where an earlier session stopped.

        Args:
            store: where results go.
            executor: who runs them: local processes (a number of them, by default one a core), or
                any executor with the interface of ``concurrent.futures``; 0 is this process.
            part: (i, n): only every n-th run, from the i-th on.
            timeout: seconds that a run may take. Local processes are ended if a run doesn't notice
                that its time is over; elsewhere only the run itself can notice.
            on_result: called for every result.
            on_plan: called with (finished, wanted) whenever it is decided what there is to do.
            on_coordinator: given what can be told to stop.
            on_estimate: called with what the study will take, after a few of its runs; only where
                nothing is finished yet.

        Raises:
            InputError: if another process writes the same part, or nothing but failures come back
                from the first runs.
            OSError: if results cannot be written; all that was written stays.
        """
        if self.study.replication is not None and part[1] > 1:
            raise InputError(
                "a study with [replication] decides as it goes how many runs there are, and can't "
                "be divided into parts; leave --shard out"
            )
        with writing(store.folder, *part):
            self._remember(store, len(self.runs()))
            put_aside = store.set_aside()
            session = _Session(self, store, part, timeout, on_result, on_plan)
            ended = session.run(executor, on_coordinator, on_estimate)
            if not ended.stopped and self.study.replication is not None:
                self._remember(store, ended.wanted)
        if not ended.stopped:
            self._join(store)
        return ended._replace(put_aside=put_aside)

    def _remember(self, store: Store, wanted: int) -> None:
        about = {"identity": self.identity(), **self.about(wanted)}
        store.remember(about, self.plan.points, self.plan.keys)

    def _join(self, store: Store) -> None:
        """Join the shards if all parts are finished and nobody is writing."""
        try:
            with writing(store.folder):
                if not len(self.missing(store)):
                    store.compact()
        except Busy:  # whoever is the last to finish joins them
            pass


class _Session:
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
            if len(runs) <= _PILOTS:
                few.append(result)
            self.writer.flush_if_due()
            if self.part == (1, 1):
                self.writer.join_if_many()
        return few

    def _pilot(
        self, coordinator: Coordinator, left: Runs, on_estimate: Callable[[Estimate], None]
    ) -> None:
        """The first few runs, from all over the design, tell what the study will take."""
        results = self._make(coordinator, self.sweep._spread(left, _PILOTS))
        if coordinator.stopping or not results:
            return
        if all(result.kind == "raised" for result in results):
            raise InputError(f"the first runs all failed, of which one:\n{results[0].trace}")
        on_estimate(self.sweep.estimate(results))


def flat(tables: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's parameters by their flat names."""
    return {
        name: value for table in tables.values() if isinstance(table, Mapping)
        for name, value in table.items()
    }  # fmt: skip
