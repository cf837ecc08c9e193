"""Every institution on the same people with the same luck: a table of what each does to them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.intervals import interval_over_replicates
from experiments.show import number
from experiments.study.plan import Case
from experiments.study.schema import SCENARIO
from experiments.sweep.coordinator import gather
from experiments.sweep.scored import ScoredRun
from model.chance import replicate_seed
from model.scenario import Scenario

MEASURES = (
    "dissent", "self_censorship", "falsification_gap", "ties_cut", "degree_of_dissenters",
    "degree_of_others", "score_gini",
)  # fmt: skip
"""What the table shows."""


class Entry(NamedTuple):
    """One measure under one institution, over replicates."""

    institution: str
    measure: str
    mean: float
    """Over the replicates that have a value."""
    half_width: float
    """Half of Student's 95 % interval."""


def table_of(
    scenarios: dict[str, Scenario],
    replicates: int,
    periods: int,
    window: int,
    seed: int,
    workers: int | None = None,
    network_file: str = "",
    on_row: Callable[[], None] = lambda: None,
) -> list[Entry]:
    """Run every scenario with the same replicate seeds; means over the last ``window`` periods."""
    tables = {name: scenario.tables() for name, scenario in scenarios.items()}
    configuration = ScoredRun(
        tables, next(iter(tables)), periods, tuple(MEASURES), window, network_file=network_file
    )
    cases = [
        Case(place, replicate, replicate_seed(seed, replicate), {SCENARIO: name})
        for place, name in enumerate(tables)
        for replicate in range(replicates)
    ]
    values = np.full((len(scenarios), replicates, len(MEASURES)), np.nan)
    for result in gather(configuration, cases, workers):
        assert result.output is not None  # noqa: S101  (gather sees to it)
        values[result.case.point, result.case.replicate] = [
            result.output.values[name] for name in MEASURES
        ]
        on_row()
    entries = []
    for place, institution in enumerate(scenarios):
        summary = interval_over_replicates(values[place].T)
        for column, measure in enumerate(MEASURES):
            mean, half = summary.mean[column], summary.half_width[column]
            entries.append(Entry(institution, measure, float(mean), float(half)))
    return entries


def cells(entries: Iterable[Entry]) -> tuple[list[str], list[list[str]]]:
    """Headers, and a row an institution: ``mean ±half width``."""
    rows: dict[str, list[str]] = {}
    for entry in entries:
        digits = 3 if abs(entry.mean) < 1.0 else 2
        half = number(entry.half_width, digits).removeprefix("0")
        shown = f"{number(entry.mean, digits)} ±{half}"
        rows.setdefault(entry.institution, [entry.institution]).append(shown)
    return ["institution", *MEASURES], list(rows.values())


def markdown(entries: Iterable[Entry]) -> str:
    """The table as it stands in the README."""
    headers, rows = cells(entries)
    lines = [headers, ["---"] + ["---:"] * len(MEASURES), *rows]
    return "".join("| " + " | ".join(text.replace("_", " ") for text in line) + " |\n"
                   for line in lines)  # fmt: skip


def write_csv(path: Path, entries: Iterable[Entry]) -> None:
    """A tidy file: institution, measure, mean, half_width."""
    draft = path.with_name(f".{path.name}.part")
    with draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Entry._fields)
        writer.writerows(
            (*entry[:2], *(format(value, ".10g") for value in entry[2:])) for entry in entries
        )
    draft.replace(path)  # whole or not at all


def read_csv(path: Path) -> list[Entry]:
    """What :func:`write_csv` wrote."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        Entry(row["institution"], row["measure"], float(row["mean"]), float(row["half_width"]))
        for row in rows
    ]
