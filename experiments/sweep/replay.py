"""One run of a sweep again, alone and in this process, where a debugger can look at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from experiments.study.loading import study_of
from experiments.study.plan import Case
from experiments.sweep.identity import StoreError
from experiments.sweep.running import run_one
from experiments.sweep.scored import ScoredRun
from experiments.sweep.stored import Stored


class Replayed(NamedTuple):
    """What came of it."""

    parameters: dict[str, Any]
    seed: int
    values: dict[str, Any]
    """Empty if it failed."""
    trace: str
    verdict: str
    """How it compares with what is stored."""


def replay_run(store: Stored, name: str) -> Replayed:
    """Make a run again, by the name that ``scored status`` gives it.

    Raises:
        StoreError: if there is no such run, or it isn't one of this project's model.
    """
    if "study" not in store.about:
        raise StoreError(f"{store.folder}: not a study's; replay it with the code that made it")
    point, slash, replicate = name.partition("/")
    if not (slash and point.isdigit() and replicate.isdigit()):
        raise StoreError(f"'{name}' names no run: write POINT/REPLICATE, as `scored status` does")
    case, stored = _find(store, int(point), int(replicate))
    study = study_of(store.about["study"])
    folder = Path(store.about.get("study_folder") or ".")
    configuration = ScoredRun.of(study, folder, store.about.get("network_file") or "")
    result = run_one(configuration, case)
    if result.output is None:
        return Replayed(case.parameters, case.seed, {}, result.trace or result.error, "it failed")
    values = result.output.values
    if stored is None:
        verdict = "it had no result before"
    elif all(repr(stored[key]) == repr(value) for key, value in values.items()):
        verdict = "the same as is stored, to the bit"
    else:
        verdict = "not what is stored: was it made by another version?"
    return Replayed(case.parameters, case.seed, values, "", verdict)


def _find(store: Stored, point: int, replicate: int) -> tuple[Case, dict[str, Any] | None]:
    for told in store.failures():
        if (told["point"], told["replicate"]) == (point, replicate):
            return Case(point, replicate, told["seed"], told["parameters"]), None
    import pyarrow.compute as pc

    runs = store.table()
    if runs.num_rows:
        found = runs.filter(
            pc.and_(pc.equal(runs["point"], point), pc.equal(runs["replicate"], replicate))
        ).to_pylist()
        if found:
            factors = [name for name in store.points().column_names if name != "point"]
            parameters = {name: found[0][name] for name in factors
                          if found[0].get(name) is not None}  # fmt: skip
            return Case(point, replicate, int(found[0]["seed"]), parameters), found[0]
    raise StoreError(f"{store.folder}: there is no run {point}/{replicate}")
