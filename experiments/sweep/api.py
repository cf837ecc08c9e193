"""The runner from Python: any model, any executor, any store."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.study.designs import Row
from experiments.study.plan import Plan
from experiments.sweep.coordinator import Coordinator
from experiments.sweep.executors import executor_of
from experiments.sweep.locks import writing
from experiments.sweep.mesa_model import plain_value
from experiments.sweep.processes import main_has_no_file
from experiments.sweep.repair import set_aside
from experiments.sweep.running import Result, RunConfiguration
from experiments.sweep.store import Store, check_same
from experiments.sweep.versions import versions
from experiments.sweep.writer import Writer
from model.errors import InputError

if TYPE_CHECKING:
    import pandas


def plan_of(scenarios: Iterable[Mapping[str, Any]]) -> Plan:
    """A plan of just these points."""
    return Plan(
        Row({name: plain_value(value) for name, value in scenario.items()})
        for scenario in scenarios
    )


def run_scenarios(
    scenarios: Iterable[Mapping[str, Any]] | Plan,
    configuration: RunConfiguration,
    *,
    executor: Executor | int | None = 0,
    store: Store | str | Path | None = None,
    replicates: int = 1,
    seed: int = 1,
    twins: bool = True,
    timeout: float | None = None,
    on_result: Callable[[Result], None] = lambda result: None,
) -> pandas.DataFrame:
    """Run every scenario so many times; what is in the store already isn't run again.

    Args:
        scenarios: parameters of each, by name: plain numbers, texts or truth values; or a plan of
            :func:`experiments.make_plan`.
        configuration: how a run is made: :class:`experiments.MesaRun`,
            :class:`experiments.ScoredRun` or anything with their two methods.
        executor: anything with the interface of ``concurrent.futures`` (Dask, MPI, submitit); a
            number of local processes; 0 for this process; None for one process a core.
        store: where runs are kept: a folder, or a store; nothing is kept by default.
        replicates: runs of each scenario.
        seed: decides the seed of each run, with its replicate's number.
        twins: replicate r has the same seed in every scenario; else each has seeds of its own.
        timeout: seconds that a run may take.
        on_result: called for every result.

    Returns:
        one row a finished run: ``point``, ``replicate``, parameters, ``seed``, what the
        configuration gives. Runs that failed are missing; a warning names the first, and
        ``attrs["failures"]`` holds all.

    Raises:
        InputError: if the store holds something else.

    >>> from mesa.examples.basic.boltzmann_wealth_model.model import BoltzmannWealth
    >>> from experiments import MesaRun, run_scenarios
    >>> rows = run_scenarios([{"n": 20}, {"n": 40}], MesaRun(BoltzmannWealth, 10), replicates=3)
    >>> rows.groupby("n")["Gini"].count().tolist()
    [3, 3]
    """
    model = getattr(configuration, "model", configuration.__class__)
    made_here = getattr(model, "__module__", "") == "__main__" and main_has_no_file()
    if made_here and not (isinstance(executor, int) and executor == 0):
        raise InputError(
            f"{getattr(model, '__name__', model)} was made in a notebook or on standard input, "
            "where other processes can't find it; import it from a file, or use executor=0"
        )
    plan = scenarios if isinstance(scenarios, Plan) else plan_of(scenarios)
    with tempfile.TemporaryDirectory(prefix="scored-") as nowhere:
        identity = {"seed": seed, "twins": twins, **configuration.identity()}
        if isinstance(store, Store):
            check_same(store, identity)
        else:
            folder = Path(nowhere) / "sweep" if store is None else Path(store)
            about = {"title": str(folder.name), "wanted": len(plan.runs(replicates)), **versions()}
            store = Store.create(folder, identity, about)
        with writing(store.folder):
            set_aside(store)
            store.put_points(plan.points, plan.keys)
            runs = plan.runs(replicates)
            finished = store.finished()
            left = plan.missing(runs, finished.points, finished.replicates)
            if len(runs) > store.about.get("wanted", 0):
                store.remember({**store.about, "wanted": len(runs)}, plan.points, plan.keys)
            writer = Writer(store, len(runs), {"part": [1, 1], "before": len(runs) - len(left)})
            try:
                with executor_of(executor, configuration.preload, len(left)) as ready:
                    coordinator = Coordinator(configuration, ready, timeout)
                    cases = plan.cases(left, seed, twins)
                    for result in coordinator.run(cases, len(left), writer.flush_if_due):
                        writer.add(result)
                        on_result(result)
                        writer.flush_if_due()
            finally:
                writer.flush()
            store.compact()
        frame: Any = store.load()
        if len(frame):  # a store may hold more than was asked for here
            asked = {(plan.keys[k], r) for k, r in runs.tolist()}
            own = [run in asked for run in zip(frame["point"], frame["replicate"], strict=True)]
            frame = frame[own].reset_index(drop=True)
        failures = store.failures()
        if failures:
            first = failures[0]
            warnings.warn(
                f"{len(failures)} of {len(runs)} runs failed; the first, with "
                f"{first['parameters']}: {first['error']}",
                stacklevel=2,
            )
        frame.attrs["failures"] = failures
    return frame
