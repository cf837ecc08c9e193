"""A sweep: every point of a study with every replicate, on all cores, into a tidy table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.intervals import half_width
from experiments.store import (
    SWEEP_FILES,
    network_origin,
    new_folder,
    parameters_in_force,
    plain,
    provenance,
    write_json,
    write_table,
)
from experiments.study import Study
from experiments.workers import Row, Task, run_all
from model.chance import replicate_seed
from model.scenario import Scenario

Columns = dict[str, list[Any]]


class Summary(NamedTuple):
    """One measure over the points of a study."""

    mean: NDArray[np.float64]
    """(points,) mean over replicates that have a value."""
    half_width: NDArray[np.float64]
    """(points,) half of Student's 95 % confidence interval; nan for fewer than two values."""


def tasks_of(study: Study, folder: Path, network_file: str = "") -> list[Task]:
    """The runs of a study: point by point, replicate by replicate.

    Replicate r has the same seed at every point, so that points are twin worlds.
    """
    base = study.base(folder)
    seeds = [replicate_seed(study.seed, replicate) for replicate in range(study.replicates)]
    return [
        Task(
            base.replace(**point, seed=seed).tables(), network_file, study.periods,
            study.measures, study.window, study.every,
        )
        for point in study.points()
        for seed in seeds
    ]  # fmt: skip


def run_sweep(
    study: Study,
    folder: Path,
    network_file: str = "",
    workers: int | None = None,
    on_row: Callable[[], None] = lambda: None,
) -> Columns:
    """Run a study; the columns of one row a run, in the order of points and replicates.

    Args:
        study: what to run.
        folder: where the study file lies, for files that it names.
        network_file: a network in place of the scenario's.
        workers: processes; all cores by default.
        on_row: called after every run.
    """
    tasks = tasks_of(study, folder, network_file)
    rows: list[Row | None] = [None] * len(tasks)
    for number, row in run_all(tasks, workers):
        rows[number] = row
        on_row()
    return columns_of(study, tasks, [row for row in rows if row is not None])


def columns_of(study: Study, tasks: list[Task], rows: list[Row]) -> Columns:
    """One row a run: point, replicate, seed, factors, measures, fingerprint, seconds."""
    points = study.points()
    columns: Columns = {"point": [], "replicate": [], "seed": []}
    columns |= {name: [] for name in study.factors}
    columns |= {study.column_of(name): [] for name in study.measures}
    columns |= {"fingerprint": [], "seconds": []}
    for number, (task, row) in enumerate(zip(tasks, rows, strict=True)):
        point, replicate = divmod(number, study.replicates)
        columns["point"].append(point)
        columns["replicate"].append(replicate)
        # 64-bit seeds exceed what Parquet readers take as a signed whole number
        columns["seed"].append(str(task.scenario["chance"]["seed"]))
        for name, value in points[point].items():
            columns[name].append(value)
        for name, value in row.measures.items():
            columns[study.column_of(name)].append(value)
        columns["fingerprint"].append(row.fingerprint)
        columns["seconds"].append(row.seconds)
    return columns


def summarise(study: Study, columns: Columns, measure: str) -> Summary:
    """Mean and 95 % interval of a measure at each point."""
    values = np.array(columns[study.column_of(measure)], float).reshape(-1, study.replicates)
    return interval_over_replicates(values)


def interval_over_replicates(values: NDArray[np.float64]) -> Summary:
    """Mean and 95 % interval of each row of (points, replicates); nan is left out."""
    n = (~np.isnan(values)).sum(axis=1)
    total = np.nansum(values, axis=1)
    mean = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    spread = np.nansum((values - mean[:, None]) ** 2, axis=1)
    variance = np.where(n > 1, spread / np.maximum(n - 1, 1), np.nan)
    return Summary(mean, half_width(variance, np.maximum(n, 1), np.maximum(n - 1, 1)))


def write_sweep(
    folder: Path, study: Study, base: Scenario, columns: Columns, network_file: str, overwrite: bool
) -> None:
    """``runs.parquet``, ``figure.html`` if the study has a figure, and ``sweep.json``."""
    with new_folder(folder, SWEEP_FILES, overwrite) as draft:
        write_table(draft / "runs.parquet", columns)
        if study.figure:
            from experiments.figures import phase_diagrams

            phase_diagrams(study, study.figure, columns).write_html(
                draft / "figure.html", include_plotlyjs=True, full_html=True
            )
        write_json(
            draft / "sweep.json",
            {
                "study": plain(study.model_dump()),
                "parameters": parameters_in_force(base, network_file),
                "network_file": network_origin(network_file or base.network.network_file),
                "runs": len(columns["point"]),
                **provenance(),
            },
        )
