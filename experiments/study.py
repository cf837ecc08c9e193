"""A study file: a scenario, the factors that vary, replicates, what is measured, the figure."""

from __future__ import annotations

import itertools
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from model.errors import InputError, NetworkError, ScenarioError, nearest
from model.measures import check_names
from model.networks.generators import check as check_network
from model.parameters import section_of
from model.scenario import Scenario, load, read_toml

_MOST_RUNS = 10_000_000


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FigureOfTwoFactors(_Table):
    """Phase diagrams: one panel a measure, two factors as axes."""

    x: str
    y: str
    measures: list[str] = Field(min_length=1, max_length=6)


class Study(_Table):
    """A validated study."""

    title: str
    question: str = ""
    scenario: str = "guilt_by_association"
    periods: int = Field(200, ge=1, le=10_000_000)
    replicates: int = Field(5, ge=1, le=1_000_000)
    seed: int = Field(1, ge=0, le=2**64 - 1)
    measures: list[str] = Field(["dissent", "self_censorship", "ties_cut"], min_length=1)
    window: int = Field(1, ge=1)
    every: int = Field(1, ge=1)
    set: dict[str, Any] = Field(default_factory=dict)
    factors: dict[str, list[Any]]
    figure: FigureOfTwoFactors | None = None

    def points(self) -> list[dict[str, Any]]:
        """Every combination of the factors' levels, the last factor changing fastest."""
        names = list(self.factors)
        return [
            dict(zip(names, levels, strict=True))
            for levels in itertools.product(*self.factors.values())
        ]

    def column_of(self, measure: str) -> str:
        """The table's column of a measure: ``…_measured`` where a factor has the same name."""
        return f"{measure}_measured" if measure in self.factors else measure

    def base(self, folder: Path | None = None) -> Scenario:
        """The scenario under all points."""
        beside = folder / self.scenario if folder else None
        scenario = load(beside if beside and beside.is_file() else self.scenario)
        return scenario.replace(**{**self.set, "seed": self.seed})


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


def check_study(study: Study, path: Path) -> None:
    """Everything that can be known before the first run."""
    try:
        study.base(path.parent)
        check_names([*study.measures, *(study.figure.measures if study.figure else ())])
    except InputError as error:
        raise ScenarioError(f"{path}: {error}") from None
    if not study.factors:
        raise ScenarioError(f"{path}: [factors] is empty; name at least one parameter")
    for name, levels in study.factors.items():
        if name not in section_of():
            raise ScenarioError(
                f"{path}: factors.{name}: there is no parameter '{name}'"
                f"{nearest(name, section_of())}"
            )
        if name == "seed":
            raise ScenarioError(f"{path}: factors.seed: use replicates to vary the seed")
        if name in study.set:
            raise ScenarioError(f"{path}: '{name}' stands in [set] and in [factors]")
        if not levels:
            raise ScenarioError(f"{path}: factors.{name} has no levels")
        if len(set(map(repr, levels))) < len(levels):
            raise ScenarioError(f"{path}: factors.{name} has a level twice")
        kinds = {isinstance(level, str) for level in levels}
        if len(kinds) > 1:
            raise ScenarioError(
                f"{path}: factors.{name} mixes words and numbers; make it two studies"
            )
        for level in levels:  # each level is validated before anything runs
            try:
                study.base(path.parent).replace(**{name: level})
            except ScenarioError as error:
                raise ScenarioError(f"{path}: factors.{name}: {error}") from None
    if "seed" in study.set:
        raise ScenarioError(f"{path}: set.seed: the study's own key 'seed' decides (or --seed)")
    _check_networks(study, path)
    runs = len(study.points()) * study.replicates
    if runs > _MOST_RUNS:
        raise ScenarioError(f"{path}: {runs} runs; at most {_MOST_RUNS}")
    if study.window > study.periods:
        raise ScenarioError(f"{path}: window = {study.window} exceeds periods = {study.periods}")
    if study.figure:
        for axis in (study.figure.x, study.figure.y):
            if axis not in study.factors:
                raise ScenarioError(
                    f"{path}: figure: '{axis}' is not a factor{nearest(axis, study.factors)}"
                )
        for name in study.figure.measures:
            if name not in study.measures:
                raise ScenarioError(f"{path}: figure: '{name}' is not among the measures")


def _check_networks(study: Study, path: Path) -> None:
    """Whether every network that the factors ask for can be drawn."""
    shaping = [name for name in study.factors if section_of()[name] in ("population", "network")]
    base = study.base(path.parent)
    for levels in itertools.product(*(study.factors[name] for name in shaping)):
        scenario = base.replace(**dict(zip(shaping, levels, strict=True)))
        if scenario.network.network_file or scenario.network.generator == "karate":
            continue
        try:
            check_network(scenario.population.citizens, scenario.network)
        except NetworkError as error:
            raise ScenarioError(f"{path}: {error}") from None


def _explain(path: Path, fault: Any) -> str:
    name = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{path}: there is no key '{name}'{nearest(name, Study.model_fields)}"
    if fault["type"] == "missing":
        return f"{path}: the key '{name}' is missing"
    return f"{path}: {name} = {fault['input']!r}: {fault['msg']}"
