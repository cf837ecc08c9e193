"""A study file: a scenario, what varies, how often it is run, what is measured, the figure."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from experiments.study.designs import KINDS, Design, Grid, Row, Space
from experiments.study.factors import Factor, Levels, factor_of
from experiments.study.plan import Plan
from model.errors import InputError, NetworkError, ScenarioError, nearest
from model.measures import check_names
from model.networks.generators import check as check_network
from model.parameters import section_of
from model.scenario import Scenario, load, read_toml

_MOST_RUNS = 10_000_000
SCENARIO = "scenario"
"""The factor that is no parameter: which scenario lies under a point."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FigureOfTwoFactors(_Table):
    """Phase diagrams: one panel a measure, two factors as axes."""

    x: str
    y: str
    measures: list[str] = Field(min_length=1, max_length=6)


class Replication(_Table):
    """To replicate each point until intervals are as narrow as asked, or ``most`` are reached.

    Attributes:
        until: measure → half of the 95 % interval's width that is wanted.
        least: replicates of every point; a variance is not known from fewer.
        most: no point gets more.
        reference: a point, by the levels of its factors: what counts then is each point's
            difference from it, paired by replicate where points are twins.
    """

    until: dict[str, float] = Field(min_length=1)
    least: int = Field(5, ge=3, le=1_000_000)
    most: int = Field(100, ge=3, le=1_000_000)
    reference: dict[str, Any] = Field(default_factory=dict)


class Study(_Table):
    """A validated study.

    Attributes:
        measures: taken as the mean over the last ``window`` periods, every ``every`` of them; a
            window of 1 is the final state.
        final: taken at the end as well: columns ``…_final``.
        series: taken along the way, every ``series_every`` periods: a table of its own.
        twins: common random numbers: replicate r has the same luck at every point.
        set: parameters that differ from the scenario, for all runs.
        factors: what varies: levels or a range each.
    """

    title: str
    question: str = ""
    scenario: str = "guilt_by_association"
    periods: int = Field(200, ge=1, le=10_000_000)
    replicates: int = Field(5, ge=1, le=1_000_000)
    seed: int = Field(1, ge=0, le=2**64 - 1)
    twins: bool = True
    measures: list[str] = Field(["dissent", "self_censorship", "ties_cut"], min_length=1)
    window: int = Field(1, ge=1)
    every: int = Field(1, ge=1)
    final: list[str] = Field(default_factory=list)
    series: list[str] = Field(default_factory=list)
    series_every: int = Field(1, ge=1)
    set: dict[str, Any] = Field(default_factory=dict)
    factors: dict[str, Any]
    design: list[Design] = Field(default=[Grid()])
    replication: Replication | None = None
    figure: FigureOfTwoFactors | None = None

    @field_validator("design", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    def levels(self, where: str = "study") -> dict[str, Factor]:
        """The factors, with levels as the parameters' types have them."""
        return {name: factor_of(name, given, where) for name, given in self.factors.items()}

    def plan(self, folder: Path | None = None, where: str = "study") -> Plan:
        """Every point of the design.

        Args:
            folder: where the study file lies, for files that it names.
            where: what to name in an error.
        """
        factors = self.levels(where)
        base = self.base(folder)
        centre = {**base.parameters(), SCENARIO: self.scenario}
        space = Space(factors, centre, self.seed % 2**63, folder or Path())
        rows: list[Row] = []
        for design in self.design:
            try:
                rows += design.rows(space)
            except ScenarioError:
                raise
            except InputError as error:
                raise ScenarioError(f"{where}: {error}") from None
        bases: dict[str, Scenario] = {}
        return Plan(Row(self._typed(row.point, folder, where, bases), row.replicate)
                    for row in rows)  # fmt: skip

    def points(self) -> list[dict[str, Any]]:
        """The parameters of every point, in the order of the design."""
        return self.plan().points

    def at(
        self,
        point: dict[str, Any],
        folder: Path | None = None,
        bases: dict[str, Scenario] | None = None,
    ) -> Scenario:
        """The scenario at a point; ``bases`` remembers what was read for others."""
        changes = dict(point)
        name = changes.pop(SCENARIO, self.scenario)
        bases = {} if bases is None else bases
        if name not in bases:
            bases[name] = self.base(folder, name)
        return bases[name].replace(**changes) if changes else bases[name]

    def _typed(
        self,
        point: dict[str, Any],
        folder: Path | None,
        where: str,
        bases: dict[str, Scenario] | None = None,
    ) -> dict[str, Any]:
        """A point as the parameters' types have it, whole: one number is not two points."""
        for name in point:
            if name != SCENARIO and name not in section_of():
                raise ScenarioError(
                    f"{where}: factors.{name}: there is no parameter '{name}'"
                    f"{nearest(name, section_of())}"
                )
        try:
            values = self.at(point, folder, bases).parameters()
        except InputError as error:
            told = ", ".join(f"{name} = {value}" for name, value in point.items())
            raise ScenarioError(f"{where}: factors: {error} (at {told})") from None
        return {name: value if name == SCENARIO else values[name] for name, value in point.items()}

    def column_of(self, measure: str) -> str:
        """The table's column of a measure: ``…_measured`` where a factor has the same name."""
        return f"{measure}_measured" if measure in self.factors else measure

    def base(self, folder: Path | None = None, scenario: str | None = None) -> Scenario:
        """The scenario under all points."""
        name = scenario or self.scenario
        beside = folder / name if folder else None
        loaded = load(beside if beside and beside.is_file() else name)
        return loaded.replace(**{**self.set, "seed": self.seed})


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
    where = str(path)
    try:
        study.base(path.parent)
        check_names([*study.measures, *study.final, *study.series,
                     *(study.figure.measures if study.figure else ())])  # fmt: skip
    except InputError as error:
        raise ScenarioError(f"{path}: {error}") from None
    _check_factors(study, path)
    plan = study.plan(path.parent, where)
    runs = len(plan.runs(_most_replicates(study)))
    if runs > _MOST_RUNS:
        raise ScenarioError(f"{path}: {runs} runs; at most {_MOST_RUNS}")
    if "seed" in study.set:
        raise ScenarioError(f"{path}: set.seed: the study's own key 'seed' decides (or --seed)")
    _check_networks(study, plan, path)
    if study.window > study.periods:
        raise ScenarioError(f"{path}: window = {study.window} exceeds periods = {study.periods}")
    _check_luck(study, plan, path)
    _check_replication(study, plan, path)
    _check_figure(study, path)


def _most_replicates(study: Study) -> int:
    return study.replication.most if study.replication else study.replicates


def _check_factors(study: Study, path: Path) -> None:
    from_table = any(design.kind == "table" for design in study.design)
    if not study.factors and not from_table:
        raise ScenarioError(f"{path}: [factors] is empty; name at least one parameter")
    for name, factor in study.levels(str(path)).items():
        if name != SCENARIO and name not in section_of():
            raise ScenarioError(
                f"{path}: factors.{name}: there is no parameter '{name}'"
                f"{nearest(name, (*section_of(), SCENARIO))}"
            )
        if name == "seed":
            raise ScenarioError(f"{path}: factors.seed: use replicates to vary the seed")
        if name in study.set:
            raise ScenarioError(f"{path}: '{name}' stands in [set] and in [factors]")
        tried = factor.values if isinstance(factor, Levels) else [factor.at(0.0), factor.at(1.0)]
        for value in tried:  # each level before any point, so that the fault names it alone
            try:
                study.at({name: value}, path.parent)
            except ScenarioError as error:
                raise ScenarioError(f"{path}: factors.{name}: {error}") from None


def _check_networks(study: Study, plan: Plan, path: Path) -> None:
    """Whether every network that the points ask for can be drawn."""
    checked = set()
    for point in plan.points:
        shaping = {
            name: value for name, value in point.items()
            if name == SCENARIO or section_of()[name] in ("population", "network")
        }  # fmt: skip
        known = repr(sorted(shaping.items()))
        if known in checked:
            continue
        checked.add(known)
        scenario = study.at(shaping, path.parent)
        if scenario.network.network_file or scenario.network.generator == "karate":
            continue
        try:
            check_network(scenario.population.citizens, scenario.network)
        except NetworkError as error:
            raise ScenarioError(f"{path}: {error}") from None


def _check_luck(study: Study, plan: Plan, path: Path) -> None:
    if not study.twins and any(replicate is not None for _, replicate in plan.rows):
        raise ScenarioError(
            f"{path}: twins = false: where luck is a factor (saltelli with noise) it must be the "
            "same at different points; leave twins out, or set noise = false"
        )


def _check_replication(study: Study, plan: Plan, path: Path) -> None:
    wanted = study.replication
    if wanted is None:
        return
    for name, width in wanted.until.items():
        if name not in study.measures:
            raise ScenarioError(
                f"{path}: replication.until: '{name}' is not among the measures"
                f"{nearest(name, study.measures)}"
            )
        if not width > 0.0:
            raise ScenarioError(f"{path}: replication.until.{name} = {width}: must be above 0")
    if wanted.least > wanted.most:
        raise ScenarioError(
            f"{path}: replication: least = {wanted.least} exceeds most = {wanted.most}"
        )
    if any(replicate is not None for _, replicate in plan.rows):
        raise ScenarioError(
            f"{path}: replication: a saltelli design with noise has one run a point; set "
            "noise = false there, or leave replication out"
        )
    if wanted.reference:
        try:
            reference_place(study, plan, path.parent)
        except InputError as error:
            raise ScenarioError(f"{path}: {error}") from None


def reference_place(study: Study, plan: Plan, folder: Path | None = None) -> int | None:
    """The place of the reference point among the points; None if there is none."""
    if study.replication is None or not study.replication.reference:
        return None
    named = study.replication.reference
    for name in named:
        if name not in study.factors:
            raise InputError(
                f"replication.reference: '{name}' is not a factor{nearest(name, study.factors)}"
            )
    typed = study._typed(named, folder, "replication.reference")
    found = [
        k for k, point in enumerate(plan.points)
        if all(point[name] == value for name, value in typed.items())
    ]  # fmt: skip
    if len(found) != 1:
        raise InputError(
            f"replication.reference: {len(found)} points of the design are so; name one"
        )
    return found[0]


def _check_figure(study: Study, path: Path) -> None:
    if study.figure is None:
        return
    for axis in (study.figure.x, study.figure.y):
        if axis not in study.factors:
            raise ScenarioError(
                f"{path}: figure: '{axis}' is not a factor{nearest(axis, study.factors)}"
            )
    for name in study.figure.measures:
        if name not in study.measures:
            raise ScenarioError(f"{path}: figure: '{name}' is not among the measures")


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
        keys = Replication.model_fields if place[0] == "replication" else Study.model_fields
        return f"{path}: there is no key '{name}'{nearest(place[-1], keys)}"
    if fault["type"] == "missing":
        return f"{path}: the key '{name}' is missing"
    return f"{path}: {name} = {fault['input']!r}: {fault['msg']}"


def study_of(values: dict[str, Any]) -> Study:
    """A study from what was stored of it, or given as plain data.

    Raises:
        InputError: if it isn't one.
    """
    try:
        return Study.model_validate(values)
    except ValidationError as error:
        raise InputError("\n".join(_explain(Path("study"), f) for f in error.errors())) from None


__all__ = [
    "SCENARIO", "FigureOfTwoFactors", "Replication", "Study", "bundled_studies", "check_study",
    "load_study", "reference_place", "study_of",
]  # fmt: skip
