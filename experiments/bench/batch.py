"""``mesa.batch_run`` and this runner side by side: one model, one grid, two processes each."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

from experiments.bench.figures import Figure, own_peak

_CITIZENS, _PERIODS = 100, 50
GRID = {"detection": [0.1, 0.3], "association_penalty": [0.0, 60.0]}
"""Four points."""

_BY = {
    "mesa.batch_run, Mesa engine": "batch_run",
    "this runner, Mesa engine": "ours_mesa",
    "this runner, compiled engine": "ours_compiled",
}


def _collected() -> type:
    """The society with a data collector, as ``batch_run`` wants it."""
    import mesa

    from model.society import Society

    class Collected(Society):
        def __init__(self, **parameters: object) -> None:
            super().__init__(**parameters)  # type: ignore[arg-type]
            self.datacollector = mesa.DataCollector(
                {"dissent": lambda society: society.measure("dissent")}
            )

        def step(self) -> None:
            super().step()
            if self.world.period == _PERIODS:
                self.datacollector.collect(self)

    Collected.__qualname__ = "Collected"
    Collected.__module__ = __name__
    return Collected


def __getattr__(name: str) -> type:
    """``Collected`` is made when it is asked for, lest every benchmark imports Mesa."""
    if name == "Collected":
        made = _collected()
        globals()[name] = made
        return made
    raise AttributeError(name)


def _batch_run(replicates: int) -> int:
    from mesa.batchrunner import batch_run

    from experiments.bench import batch

    rows = batch_run(
         batch.Collected, {"citizens": _CITIZENS, "seed": list(range(1, replicates + 1)), **GRID},
        number_processes=2, max_steps=_PERIODS, data_collection_period=-1, display_progress=False,
    )  # fmt: skip
    return len(rows)


def _ours(replicates: int, compiled: bool) -> int:
    from experiments import MesaRun, ScoredRun, make_plan, run_scenarios
    from experiments.bench import batch
    from model.scenario import Scenario

    if compiled:
        base = Scenario().replace(citizens=_CITIZENS)
        configuration: object = ScoredRun({"base": base.tables()}, "base", _PERIODS, ("dissent",))
    else:
        configuration = MesaRun(batch.Collected, _PERIODS, fixed={"citizens": _CITIZENS},
                                preload=("experiments.bench.batch_warm",))  # fmt: skip
    rows = run_scenarios(
        make_plan(GRID),
        configuration,
        executor=2,
        replicates=replicates,
    )
    return len(rows)


def main(how: str, replicates: int) -> None:
    """Run the grid one way and say what it took; a process of its own, for its memory's sake."""
    import resource
    import time

    begun = time.perf_counter()
    if how == "batch_run":
        runs = _batch_run(replicates)
    else:
        runs = _ours(replicates, how == "ours_compiled")
    seconds = time.perf_counter() - begun
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    own = own_peak()
    sys.stdout.write(json.dumps({"runs": runs, "seconds": seconds, "own": own, "worker": largest}))


def batch_figures(quick: bool) -> list[Figure]:
    """Runs a second and memory, each way in turn."""
    replicates = 5 if quick else 25
    found: dict[str, list[dict[str, float]]] = {name: [] for name in _BY}
    for _ in range(1 if quick else 3):
        for name, how in _BY.items():
            code = f"from experiments.bench.batch import main; main({how!r}, {replicates})"
            told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True,
                                  text=True)  # fmt: skip
            found[name].append(json.loads(told.stdout))
    figures = []
    for name, several in found.items():
        rate = statistics.median(one["runs"] / one["seconds"] for one in several)
        one = several[0]
        figures.append(Figure(
            f"{name}: runs", rate, "/s", "",
            f"{int(one['runs'])} runs of {_CITIZENS} citizens × {_PERIODS} periods on two "
            f"processes, start included; coordinator {one['own'] / 1e6:.0f} MB, largest worker "
            f"{one['worker'] / 1e6:.0f} MB",
        ))  # fmt: skip
    return figures
