"""What a sweep costs beyond the runs themselves, and what another runner costs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from experiments.bench.batch import batch_figures
from experiments.bench.figures import Figure, seconds_of
from experiments.study.loading import study_of
from experiments.study.plan import Case
from experiments.sweep.coordinator import Coordinator
from experiments.sweep.processes import LocalProcesses
from experiments.sweep.running import Deadline, Output
from experiments.sweep.scored import ScoredRun
from experiments.sweep.shards import write_shard
from experiments.sweep.store import Store
from experiments.sweep.sweep import Sweep

_WORKERS = 2
_MEASURES = ["dissent", "ties_cut", "self_censorship"]


@dataclass(frozen=True)
class Timed(ScoredRun):
    """A run that tells how long its periods took, and how large its process was."""

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """Only the periods: nothing is measured."""
        world = self.world(parameters, seed)
        begun = time.perf_counter()
        world.run(self.periods)
        return Output({"kernel": time.perf_counter() - begun, "resident": _resident()})


def _resident() -> float:
    """Bytes of this process in memory; 0 where the system doesn't say."""
    try:
        return float(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
    except OSError:
        return 0.0


def _study(levels: int, replicates: int, citizens: int, periods: int) -> dict[str, Any]:
    return {
        "title": "benchmark", "periods": periods, "replicates": replicates, "seed": 1,
        "measures": _MEASURES, "set": {"citizens": citizens},
        "factors": {
            "association_penalty": {"from": 0.0, "to": 200.0, "levels": levels},
            "conformity": {"from": 0.05, "to": 0.95, "levels": levels},
        },
    }  # fmt: skip


def _timed(sweep: Sweep) -> Timed:
    own = sweep.configuration
    return Timed(own.scenarios, own.default, own.periods, own.measures)


def overhead(quick: bool) -> list[Figure]:
    """A sweep against its runs' compiled loops alone, on as many workers at the same time.

    The loops are timed within workers of their own, so that what two processes cost each other on
    this machine is in both figures.
    """
    sweep = Sweep(study_of(_study(10, 4 if quick else 20, 1_000, 200)))
    sweep.configuration.world({}, 1).run(2)  # compiled before anything is timed
    cases = list(sweep.plan.cases(sweep.runs(), 1))
    walls, kernels = [], []
    for _ in range(1 if quick else 5):
        with tempfile.TemporaryDirectory() as folder:
            store = sweep.store(Path(folder) / "sweep")
            walls.append(seconds_of(lambda store=store: sweep.run(store, _WORKERS)))  # type: ignore[misc]
        kernels.append(sum(_run(_timed(sweep), cases[:: 10 if quick else 4], "kernel"))
                       * (10 if quick else 4))  # fmt: skip
    ratios = [wall / (kernel / _WORKERS) for wall, kernel in zip(walls, kernels, strict=True)]
    runs = len(cases)
    return [
        Figure(
            f"sweep of {runs:,} runs / its compiled loops ÷ {_WORKERS}", statistics.median(ratios),
            "×", "≤ 1.25",
            f"{statistics.median(walls):.1f} s, {runs / statistics.median(walls):.0f} runs/s of "
            f"1,000 citizens × 200 periods, start of workers included; loops "
            f"{statistics.median(kernels) / _WORKERS:.1f} s",
        )
    ]  # fmt: skip


def _run(configuration: Timed, cases: list[Case], column: str) -> list[float]:
    executor = LocalProcesses(_WORKERS, configuration.preload)
    try:
        return [
            result.output.values[column]
            for result in Coordinator(configuration, executor).run(cases, len(cases))
            if result.output is not None
        ]
    finally:
        executor.shutdown()


def worker_memory(quick: bool) -> Figure:
    """A worker's memory over thousands of runs, in one process that isn't renewed."""
    runs = 1_000 if quick else 5_000
    sweep = Sweep(study_of(_study(10, runs // 100, 200, 20)))
    executor = LocalProcesses(1, sweep.configuration.preload)
    try:
        cases = list(sweep.plan.cases(sweep.runs(), 1))
        sizes = [
            result.output.values["resident"]
            for result in Coordinator(_timed(sweep), executor).run(cases, len(cases))
            if result.output is not None
        ]
    finally:
        executor.shutdown()
    tenth = runs // 10
    early, late = np.mean(sizes[tenth : 2 * tenth]), np.mean(sizes[-tenth:])
    return Figure(
        f"a worker's memory at the end of {runs:,} runs / near the beginning", float(late / early),
        "×", "≤ 1.05", f"{late / 1e6:.0f} MB against {early / 1e6:.0f} MB",
    )  # fmt: skip


def scans(quick: bool) -> list[Figure]:
    """What is finished in a store of a million runs, in shards and joined; and a whole command."""
    runs, each = (100_000, 2_000) if quick else (1_000_000, 2_000)
    figures = []
    generator = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "large", {"benchmark": 1})
        keys = generator.integers(0, 2**52, runs // 100)
        for shard in range(runs // each):
            rows = np.arange(shard * each, (shard + 1) * each)
            write_shard(
                store.folder / "runs", f"s-{shard:05d}",
                pa.table({"point": keys[rows % len(keys)], "replicate": rows // len(keys),
                          "detection": generator.random(each),
                          **{f"measure_{k}": generator.random(each) for k in range(10)}}),
            )  # fmt: skip
        times = [seconds_of(store.finished) for _ in range(5)]
        figures.append(Figure(
            f"what is finished in {runs:,} runs, {runs // each} shards", statistics.median(times),
            "s", "≤ 1 at a million", "every byte is checked",
        ))  # fmt: skip
        sweep = [
            sys.executable, "-m", "experiments.cli", "sweep", "association_and_conformity",
            "--replicates", "2", "--periods", "20", "--out", str(Path(folder) / "done"),
        ]  # fmt: skip
        subprocess.run(sweep, check=True, capture_output=True)
        times = [
            seconds_of(lambda: subprocess.run(sweep, check=True, capture_output=True))
            for _ in range(3 if quick else 5)
        ]
        figures.append(Figure("`scored sweep` of a finished sweep", statistics.median(times), "s",
                              "≤ 3", "tables and figure are made again"))  # fmt: skip
    return figures


def sweep_figures(quick: bool) -> list[Figure]:
    """Every figure of sweeps; the chief one if ``quick``."""
    if quick:
        return overhead(quick)
    return [*overhead(quick), worker_memory(quick), *scans(quick), *batch_figures(quick)]
