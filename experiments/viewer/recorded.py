"""What was stored before and can be watched now: one run, or the runs of a sweep."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from experiments.study.loading import study_of
from experiments.study.schema import SCENARIO
from experiments.sweep.scored import ScoredRun
from experiments.sweep.stored import Stored
from model.errors import InputError
from model.scenario import Scenario, build

_MOST_RUNS = 50_000


@dataclass(frozen=True)
class Shelf:
    """Recorded runs, and the scenarios under which they are watched.

    Attributes:
        scenarios: by the name that the page uses.
        about: what the page is told of the runs.
        network_file: the network that all of them lived on; empty for drawn ones.
    """

    scenarios: dict[str, Scenario] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    network_file: str = ""


def shelf_of(folder: Path) -> Shelf:
    """What ``scored run --out`` or ``scored sweep --out`` left in a folder.

    Raises:
        InputError: if it is neither.
    """
    if (folder / "run.json").is_file():
        return _of_run(folder)
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}")
    return _of_sweep(folder)


def _of_run(folder: Path) -> Shelf:
    path = folder / "run.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        parameters = {name: value for name, value in told["parameters"].items()
                      if value is not None}  # fmt: skip
        periods, fingerprint = int(told["periods"]), str(told["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not what `scored run --out` writes ({error})") from None
    file = str(parameters.pop("network_file", ""))
    if told.get("scoring_rule", "weighted_table") != "weighted_table":
        raise InputError(f"{path}: it had a scoring rule of its own, which is nowhere stored")
    scenario = build({"title": f"{told.get('scenario', '')} (stored run)"}, parameters, str(path))
    name = f"run: {folder.resolve().name}"
    return Shelf({name: scenario}, {
        "kind": "run", "name": str(folder), "periods": periods,
        "run": {"scenario": name, "fingerprint": fingerprint},
    }, file)  # fmt: skip


def _of_sweep(folder: Path) -> Shelf:
    store = Stored(folder)
    if "study" not in store.about:
        raise InputError(f"{folder}: a sweep of another model; only this one's can be watched")
    study = study_of(store.about["study"])
    beside = Path(store.about.get("study_folder") or ".")
    made = ScoredRun.of(study, beside, store.about.get("network_file") or "")
    if made.files:
        raise InputError(f"{folder}: its runs lived on several networks, which a page can't show")
    scenarios = {f"sweep: {name}": build(tables, {}, name)
                 for name, tables in made.scenarios.items()}  # fmt: skip
    table = store.table()
    if not table.num_rows:
        raise InputError(f"{folder}: no run is finished yet")
    factors = [name for name in store.points().column_names if name != "point"]
    stored = [made.columns.get(name, name) for name in study.measures]
    some = np.unique(np.linspace(0, table.num_rows - 1, min(table.num_rows, _MOST_RUNS))
                     .astype(np.int64))  # fmt: skip
    picked = table.take(some)
    names = ["point", "replicate", "fingerprint", *factors, *stored]
    columns: dict[str, Any] = {name: picked[name].to_pylist() for name in dict.fromkeys(names)}
    columns["seed"] = [
        str(seed) for seed in picked["seed"].to_pylist()
    ]  # JSON's numbers end at 2⁵³
    files = {one.network.network_file for one in scenarios.values()} | {made.network_file}
    file = next((one for one in sorted(files) if one), "")
    return Shelf(scenarios, {
        "kind": "sweep", "name": study.title, "question": study.question.strip(),
        "periods": study.periods, "factors": factors, "measures": stored,
        "scenario": f"sweep: {made.default}", "factor_of_scenario": SCENARIO,
        "runs": columns, "finished": table.num_rows,
    }, file)  # fmt: skip
