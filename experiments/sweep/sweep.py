"""A study from its plan to a finished store, by as many sessions and processes as it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import numpy as np

from experiments.store import plain
from experiments.study.check import reference_place
from experiments.study.plan import Plan, Runs, shard_of
from experiments.study.schema import Study
from experiments.sweep.coordinator import Coordinator
from experiments.sweep.identity import StoreError
from experiments.sweep.locks import Busy, writing
from experiments.sweep.pilot import Estimate
from experiments.sweep.repair import set_aside
from experiments.sweep.replication import replicates_wanted, values_of
from experiments.sweep.scored import ScoredRun
from experiments.sweep.session import Ended, OnResult, Session
from experiments.sweep.store import Store
from experiments.sweep.versions import versions
from model.errors import InputError
from model.scenario import Scenario


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

    # to run it

    def wanted(self, store: Store) -> Runs:
        """The runs that the study wants, as far as is known."""
        rule = self.study.replication
        if rule is None:
            return self.runs()
        names = list(rule.until)
        table = store.stored("runs", [self.study.column_of(name) for name in names])
        columns = {name: table[name].to_numpy() for name in table.column_names}
        for name in names:
            columns[name] = columns.get(self.study.column_of(name), np.empty(0))
        values = values_of(columns, self.plan, names, rule.most)
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
            put_aside = set_aside(store)
            session = Session(self, store, part, timeout, on_result, on_plan)
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


def flat(tables: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's parameters by their flat names."""
    return {
        name: value for table in tables.values() if isinstance(table, Mapping)
        for name, value in table.items()
    }  # fmt: skip
