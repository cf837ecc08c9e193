"""Parameters that make a measure as large or small as can be, or bring measures to targets.

Optuna proposes (ask), the sweep's workers run, Optuna is told. Nothing of Optuna's is stored: on
resuming, the same proposals are made again from the same seed and told what the store has. A search
that was interrupted therefore ends as if it hadn't been.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from experiments.extras import needs
from experiments.intervals import half_width
from experiments.study.designs import Row
from experiments.study.factors import Factor, Levels
from experiments.study.plan import Plan
from experiments.study.problem import salib_seed
from experiments.study.schema import Search
from experiments.sweep.coordinator import Coordinator
from experiments.sweep.executors import executor_of
from experiments.sweep.locks import writing
from experiments.sweep.repair import set_aside
from experiments.sweep.running import Result
from experiments.sweep.store import Store
from experiments.sweep.sweep import Sweep
from experiments.sweep.versions import versions
from experiments.sweep.writer import Writer


class Trial(NamedTuple):
    """A point that was tried."""

    number: int
    point: dict[str, Any]
    means: dict[str, float]
    """Measure → mean over its runs; empty if one failed or had no value."""
    value: float
    """What is made small: see :meth:`Objective.value`; nan if it has none."""


class Confirmed(NamedTuple):
    """The best point on runs that the search hasn't seen.

    The best of many noisy values is better than it will be again; these runs don't know that it
    was chosen.
    """

    measure: str
    searched: float
    """Mean over the runs by which it was chosen."""
    mean: float
    half_width: float
    """Half of the 95 % interval."""


class Found(NamedTuple):
    """What a search found."""

    trials: list[Trial]
    best: Trial | None
    confirmed: list[Confirmed]
    stopped: bool


class Objective:
    """What a search wants, as one number that it makes small."""

    def __init__(self, search: Search) -> None:
        self.search = search
        single = search.maximise or search.minimise
        self.measures = [single] if single else list(search.target)

    def value(self, means: dict[str, float]) -> float:
        """A measure, its negative, or the distance from all targets in units of their scales."""
        if self.search.minimise:
            return means[self.search.minimise]
        if self.search.maximise:
            return -means[self.search.maximise]
        return math.sqrt(sum(
            ((means[name] - target) / self.search.scale.get(name, max(abs(target), 1e-12))) ** 2
            for name, target in self.search.target.items()
        ))  # fmt: skip


def optimise(
    sweep: Sweep,
    store: Store,
    executor: Any = None,
    timeout: float | None = None,
    on_result: Callable[[Result], None] = lambda result: None,
    on_plan: Callable[[int, int], None] = lambda done, wanted: None,
    on_coordinator: Callable[[Coordinator], None] = lambda coordinator: None,
) -> Found:
    """Search, and confirm the best.

    Args:
        sweep: a study with a table ``[search]``.
        store: its folder.
        executor: see :meth:`experiments.sweep.sweep.Sweep.run`.
        timeout: seconds that a run may take.
        on_result: called for every result.
        on_plan: called with (finished, wanted) runs.
        on_coordinator: given what can be told to stop.

    Raises:
        InputError: if Optuna isn't installed, or another process writes.
    """
    with needs("optuna", "analysis"):
        import optuna
    search = sweep.study.search
    assert search is not None  # noqa: S101  (the caller looks)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    objective = Objective(search)
    sampler = optuna.samplers.TPESampler(
        seed=salib_seed(sweep.study.seed), constant_liar=True, n_startup_trials=search.startup
    )
    study = optuna.create_study(sampler=sampler)
    spaces = {name: _distribution(factor, optuna.distributions)
              for name, factor in sweep.study.levels().items()}  # fmt: skip
    trials: list[Trial] = []
    total = (search.trials + 1) * search.replicates
    with writing(store.folder):
        set_aside(store)
        writer = Writer(store, total, {"part": [1, 1], **versions()})
        session = _Session(sweep, store, writer, objective, on_result)
        try:
            with executor_of(executor, sweep.configuration.preload, total) as ready:
                coordinator = Coordinator(sweep.configuration, ready, timeout)
                on_coordinator(coordinator)
                while len(trials) < search.trials and not coordinator.stopping:
                    many = min(search.batch, search.trials - len(trials))
                    asked = [study.ask(spaces) for _ in range(many)]
                    points = [sweep.study.typed(trial.params) for trial in asked]
                    means = session.run(coordinator, points, 0, search.replicates)
                    if coordinator.stopping:
                        break
                    for trial, point, mean in zip(asked, points, means, strict=True):
                        value = objective.value(mean) if mean else float("nan")
                        trials.append(Trial(trial.number, point, mean, value))
                        if math.isnan(value):
                            study.tell(trial, state=optuna.trial.TrialState.FAIL)
                        else:
                            study.tell(trial, value)
                    on_plan(len(trials) * search.replicates, total)
                best = min((t for t in trials if not math.isnan(t.value)), key=lambda t: t.value,
                           default=None)  # fmt: skip
                confirmed: list[Confirmed] = []
                if best is not None and not coordinator.stopping:
                    confirmed = session.confirm(coordinator, best, search.replicates)
                    on_plan(total, total)
                stopped = coordinator.stopping
        finally:
            writer.flush()
        if not stopped:
            store.compact()
    return Found(trials, best, confirmed, stopped)


class _Session:
    """Runs points that come one after the other, unless they are in the store already."""

    def __init__(
        self, sweep: Sweep, store: Store, writer: Writer, objective: Objective,
        on_result: Callable[[Result], None],
    ) -> None:  # fmt: skip
        self.sweep, self.store, self.writer, self.on_result = sweep, store, writer, on_result
        self.objective = objective
        self.columns = {name: sweep.study.column_of(name) for name in sweep.study.measures}
        table = store.table().to_pylist() if store.count() else []
        self.known = {(row["point"], row["replicate"]): row for row in table}
        self.points: dict[int, dict[str, Any]] = {}

    def run(
        self, coordinator: Coordinator, points: list[dict[str, Any]], first: int, last: int
    ) -> list[dict[str, float]]:
        """The means of each point's replicates from ``first`` up to ``last``."""
        plan = Plan(Row(point) for point in points)
        self.points |= dict(zip(plan.keys, plan.points, strict=True))
        self.store.put_points(self.points.values(), self.points)
        runs = plan.runs(last)
        runs = runs[runs[:, 1] >= first]
        left = [case for case in plan.cases(runs, self.sweep.study.seed, self.sweep.study.twins)
                if (case.point, case.replicate) not in self.known]  # fmt: skip
        for result in coordinator.run(left, len(left), self.writer.flush_if_due):
            self.writer.add(result)
            self.on_result(result)
            if result.output is not None:
                self.known[result.case.point, result.case.replicate] = result.output.values
            self.writer.flush_if_due()
        keys = [plan.keys[plan.rows[k][0]] for k in range(len(points))]
        return [self._means(key, first, last) for key in keys]

    def confirm(self, coordinator: Coordinator, best: Trial, replicates: int) -> list[Confirmed]:
        """The best point on as many runs again, with luck that the search hasn't met."""
        (means,) = self.run(coordinator, [best.point], replicates, 2 * replicates)
        if not means:
            return []
        plan = Plan([Row(best.point)])
        found = []
        for name in self.objective.measures:
            values = np.array(self._values(plan.keys[0], name, replicates, 2 * replicates))
            half = float("nan")
            if len(values) > 1:
                half = float(half_width(values.var(ddof=1), len(values), len(values) - 1))
            found.append(Confirmed(name, best.means[name], means[name], half))
        return found

    def _values(self, key: int, name: str, first: int, last: int) -> list[float]:
        rows = [self.known.get((key, replicate)) for replicate in range(first, last)]
        return [row[self.columns[name]] for row in rows if row is not None]

    def _means(self, key: int, first: int, last: int) -> dict[str, float]:
        means = {}
        for name in self.columns:
            values = [value for value in self._values(key, name, first, last) if value == value]
            if len(values) == last - first:
                means[name] = float(np.mean(values))
        whole = all(name in means for name in self.objective.measures)
        return means if whole else {}


def _distribution(factor: Factor, distributions: Any) -> Any:
    if isinstance(factor, Levels):
        return distributions.CategoricalDistribution(factor.values)
    if factor.whole:
        return distributions.IntDistribution(int(factor.low), int(factor.high), log=factor.log)
    return distributions.FloatDistribution(factor.low, factor.high, log=factor.log)
