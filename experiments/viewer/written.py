"""Files that a visitor takes home: tables, the scenario, and a study that begins from it."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from experiments.citizens import citizen_columns, tie_columns
from experiments.extras import needs
from experiments.study.loading import load_study
from experiments.viewer.watched import SERIES, Watched
from model.declared import declared
from model.errors import InputError
from model.networks import EdgeList
from model.parameters import SECTIONS
from model.scenario import Scenario


def table_of(watched: Watched, what: str) -> dict[str, Any]:
    """Columns of the series, the citizens or the ties."""
    if what == "citizens":
        return citizen_columns(watched.world)
    if what == "ties":
        return tie_columns(watched.world)
    names = ("period", *SERIES, "ties_ended_in_period", "ties_begun_in_period")
    return dict(zip(names, map(list, zip(*watched.series, strict=True)), strict=True))


def table_bytes(columns: dict[str, Any], form: str) -> bytes:
    """A table as Parquet or CSV."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    table = pa.table(columns)
    if form == "parquet":
        pq.write_table(table, stream, compression="zstd")
    else:
        pa.csv.write_csv(table, stream)
    return stream.getvalue()


def scenario_files(scenario: Scenario, network: EdgeList | None) -> dict[str, str]:
    """The scenario's file, and that of the real network on which it lives: name → text."""
    files = {} if network is None else {_NETWORK: _network_csv(network)}
    return {**files, "scenario.toml": scenario_toml(scenario, _NETWORK if files else "")}


def _network_csv(network: EdgeList) -> str:
    """Friendships by label; people without any on lines of their own."""
    import csv

    labels = network.labels or [str(i) for i in range(network.citizens)]
    alone = np.setdiff1d(np.arange(network.citizens), np.union1d(network.source, network.target))
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(["source", "target"])
    for i, j in zip(network.source.tolist(), network.target.tolist(), strict=True):
        table.writerow([labels[i], labels[j]])
    table.writerows([labels[i]] for i in alone.tolist())
    return stream.getvalue()


def scenario_toml(scenario: Scenario, network_file: str = "") -> str:
    """A scenario file: what differs from the declared values, and the program.

    Args:
        scenario: which.
        network_file: of a real network in place of the scenario's; empty for none.
    """
    default = Scenario()
    tables: dict[str, Any] = {"title": scenario.title, "story": scenario.story}
    for section in SECTIONS:
        own, plain = getattr(scenario, section), getattr(default, section)
        changed = {name: _written(getattr(own, name)) for name in type(own).model_fields
                   if getattr(own, name) != getattr(plain, name)}  # fmt: skip
        if changed:
            tables[section] = changed
    if network_file:
        tables["network"] = {"network_file": network_file, **{
            name: value for name, value in tables.get("network", {}).items() if name == "follows"
        }}  # fmt: skip
        tables.get("population", {}).pop("citizens", None)
    if scenario.program:
        tables["program"] = [
            {key: _written(value)
             for key, value in change.model_dump(by_alias=True, exclude_none=True).items()}
            for change in scenario.program
        ]  # fmt: skip
    return _toml(tables)


def study_files(
    scenario: Scenario, network: EdgeList | None, periods: int, parameter: str, levels: list[Any],
    replicates: int,
) -> dict[str, str]:  # fmt: skip
    """The files of a study that goes on from here: name → text.

    One factor, from the society's own scenario, whose file lies beside it as that of its network
    does. It is read as a study before it is handed over.

    Raises:
        InputError: if the parameter or a level can't be.
    """
    meaning = next((row.meaning for row in declared() if row.name == parameter), "")
    study = {
        "title": f"{scenario.title}: {parameter}",
        "question": f"What does {parameter} do here? {meaning}.",
        "scenario": "scenario.toml",
        "periods": max(periods, 1),
        "replicates": replicates,
        "seed": scenario.chance.seed,
        "measures": ["dissent", "silence", "self_censorship", "ties_cut", "mean_score"],
        "window": max(min(50, periods), 1),
        "factors": {parameter: levels},
    }
    text = _toml(study)
    files = {**scenario_files(scenario, network), "study.toml": text}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        try:
            load_study(str(Path(folder) / "study.toml"))
        except InputError as error:  # where it was written for a moment is nobody's business
            raise InputError(str(error).replace(f"{folder}{os.sep}", "")) from None
    return files


def levels_of(parameter: str, begin: float, end: float, many: int) -> list[Any]:
    """Even levels of a parameter's range, whole ones where the parameter is whole."""
    if not abs(begin) <= _LARGEST >= abs(end):
        raise InputError(f"levels between −{_LARGEST:g} and {_LARGEST:g} are allowed")
    values = [begin + (end - begin) * k / (many - 1) for k in range(many)]
    row = next((row for row in declared() if row.name == parameter), None)
    if row is not None and row.kind == "whole":
        return sorted({round(value) for value in values})
    return [float(f"{value:.6g}") for value in values]


_LARGEST = 1e12
_NETWORK = "network.csv"


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return getattr(value, "name", value)


def _toml(tables: dict[str, Any]) -> str:
    with needs("tomli_w", "view"):
        import tomli_w
    return tomli_w.dumps(tables, multiline_strings=True)
