"""What a study will take, from a few runs of it."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from experiments.study.plan import Runs
from experiments.sweep.coordinator import Coordinator
from experiments.sweep.executors import executor_of
from experiments.sweep.running import Result
from experiments.sweep.shards import table_of

if TYPE_CHECKING:
    from experiments.sweep.sweep import Sweep

PILOTS = 6
_RANDOM = ("latin_hypercube", "sobol", "halton")
_PILOT_SECONDS = 20.0


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
    doubles: int = 0
    """Lines of a sampled design that fell on points of others, and count once."""


def pilot(sweep: Sweep, count: int = PILOTS) -> list[Result]:
    """A few runs in a process of their own, spread over the design; they are kept nowhere."""
    chosen = spread(sweep.runs(), count)
    cases = sweep.plan.cases(chosen, sweep.study.seed, sweep.study.twins)
    with executor_of(1, sweep.configuration.preload, 1) as executor:
        coordinator = Coordinator(sweep.configuration, executor)
        results = []
        begun = time.monotonic()
        for result in coordinator.run(cases, len(chosen)):
            results.append(result)
            if time.monotonic() - begun > _PILOT_SECONDS:
                break
    return results


def spread(runs: Runs, count: int) -> Runs:
    """A few of the runs, of points from all over the design."""
    places, first = np.unique(runs[:, 0], return_index=True)
    some = np.unique(np.linspace(0, len(places) - 1, count).round().astype(int))
    chosen: Runs = runs[np.sort(first[some])]
    return chosen


def estimate(sweep: Sweep, results: list[Result]) -> Estimate:
    """What the study will take, from pilot runs."""
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
        len(sweep.runs()), len(sweep.plan.points), len(good), float(np.mean(spent)),
        min(spent), max(spent), float(size), _doubles(sweep),
    )  # fmt: skip


def _doubles(sweep: Sweep) -> int:
    """Lines of a design of random points that fell on others: ranges with few whole numbers."""
    if any(design.kind not in _RANDOM for design in sweep.study.designs):
        return 0
    return len(sweep.plan.rows) - len(sweep.plan.points)
