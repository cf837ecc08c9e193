"""Studies by name, by file, or from what was stored of them; faults said by key and value."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from experiments.study.check import check_study
from experiments.study.designs import KINDS
from experiments.study.schema import (
    Calibration,
    FigureOfTwoFactors,
    Replication,
    Search,
    Study,
)
from model.errors import InputError, ScenarioError, nearest
from model.scenario import read_toml


def bundled_studies() -> dict[str, Path]:
    """The studies that come with the package: name → file."""
    folder = Path(str(files("experiments") / "studies"))
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_study(
    name: str, changes: dict[str, Any] | None = None, settings: dict[str, Any] | None = None
) -> tuple[Study, Path]:
    """A study by name or file, checked whole: every point's parameters included.

    Args:
        name: of a bundled study, or a file.
        changes: keys in place of the file's, for example ``replicates``; None is no change.
        settings: parameters in place of those in ``[set]``.

    Raises:
        ScenarioError: naming file, key, value and what is allowed.
    """
    known = bundled_studies()
    path = known.get(name, Path(name))
    if not path.is_file():
        raise ScenarioError(
            f"there is no study '{name}'{nearest(name, known)} "
            f"(known: {', '.join(known)}; or give a .toml file)"
        )
    try:
        study = Study.model_validate(read_toml(path))
        changed = {key: value for key, value in (changes or {}).items() if value is not None}
        if "periods" in changed:  # fewer periods than the window: the mean over all of them
            changed["window"] = min(study.window, changed["periods"])
        if settings:
            changed["set"] = {**study.set, **settings}
        if changed:
            study = Study.model_validate({**study.model_dump(), **changed})
    except ValidationError as error:
        raise ScenarioError("\n".join(_explain(path, fault) for fault in error.errors())) from None
    check_study(study, path)
    return study, path


def study_of(values: dict[str, Any]) -> Study:
    """A study from what was stored of it, or given as plain data.

    Raises:
        InputError: if it isn't one.
    """
    try:
        return Study.model_validate(values)
    except ValidationError as error:
        raise InputError("\n".join(_explain(Path("study"), f) for f in error.errors())) from None


_TABLES: dict[str, type[BaseModel]] = {
    "replication": Replication, "search": Search, "calibration": Calibration,
    "figure": FigureOfTwoFactors,
}  # fmt: skip


def _explain(path: Path, fault: Any) -> str:
    place = [str(part) for part in fault["loc"]]
    if place[0] == "design":  # design.0.sobol.points: what pydantic adds is nothing of the user's
        place = ["design", *(part for part in place[2:] if part not in KINDS)]
    name = ".".join(place)
    if fault["type"] == "union_tag_invalid":
        kind = fault["input"].get("kind")
        return (
            f"{path}: design.kind = {kind!r}{nearest(str(kind), KINDS)} "
            f"(allowed: {', '.join(KINDS)})"
        )
    if fault["type"] == "union_tag_not_found":
        return f"{path}: design: the key 'kind' is missing (allowed: {', '.join(KINDS)})"
    if fault["type"] == "extra_forbidden":
        keys = _TABLES.get(place[0] if len(place) > 1 else "", Study).model_fields
        return f"{path}: there is no key '{name}'{nearest(place[-1], keys)}"
    if fault["type"] == "missing":
        return f"{path}: the key '{name}' is missing"
    return f"{path}: {name} = {fault['input']!r}: {fault['msg']}"
