"""Studies by name, by file, or from what was stored of them; faults said by key and value."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from experiments.study.check import check_study
from experiments.study.faults import explain
from experiments.study.schema import Study
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
            changed["window"] = min(changed.get("window", study.window), changed["periods"])
        if settings:
            changed["set"] = {**study.set, **settings}
        if changed:
            study = Study.model_validate({**study.model_dump(), **changed})
    except ValidationError as error:
        raise ScenarioError("\n".join(explain(path, fault) for fault in error.errors())) from None
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
        raise InputError("\n".join(explain(Path("study"), f) for f in error.errors())) from None
