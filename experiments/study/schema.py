"""A study file: a scenario, what varies, how often it is run, what is measured, the figure."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from experiments.study.designs import Design, Grid, Row, Space
from experiments.study.factors import Factor, factor_of
from experiments.study.plan import Plan
from model.errors import InputError, ScenarioError, nearest
from model.faults import at
from model.parameters import SECTIONS, section_of
from model.scenario import Scenario, load

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


class Search(_Table):
    """What ``scored optimise`` looks for, in the ranges of the study's factors.

    Attributes:
        maximise, minimise: a measure to make as large or as small as can be; or
        target: measure → value to come near to.
        scale: measure → what distance from its target counts as 1; by default the target itself.
        trials: how many points are tried.
        replicates: runs of each; the best is confirmed on as many others.
        batch: points that are proposed at once, before any of them is known.
        startup: points at random before the search begins to learn.
    """

    maximise: str = ""
    minimise: str = ""
    target: dict[str, float] = Field(default_factory=dict)
    scale: dict[str, float] = Field(default_factory=dict)
    trials: int = Field(100, ge=1, le=1_000_000)
    replicates: int = Field(5, ge=1, le=100_000)
    batch: int = Field(4, ge=1, le=1_000)
    startup: int = Field(20, ge=1, le=1_000_000)


class Calibration(_Table):
    """What ``scored calibrate`` fits, by runs drawn from the ranges of the study's factors.

    Attributes:
        targets: measure → [value, tolerance]; the tolerance is the standard deviation with which
            the value is known, and the unit of distance.
        keep: share of runs that is kept.
    """

    targets: dict[str, tuple[float, float]] = Field(min_length=1)
    keep: float = Field(0.02, gt=0, le=1)

    @field_validator("targets", mode="before")
    @classmethod
    def _lists_will_do(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: tuple(pair) if isinstance(pair, list) else pair
                    for name, pair in value.items()}  # fmt: skip
        return value


class Study(_Table):
    """A validated study.

    Attributes:
        hypotheses: what is expected, written before any run.
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
    hypotheses: list[str] = Field(default_factory=list)
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
    design: list[Design] = Field(default_factory=list)
    replication: Replication | None = None
    search: Search | None = None
    calibration: Calibration | None = None
    figure: FigureOfTwoFactors | None = None

    @field_validator("design", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @property
    def designs(self) -> list[Design]:
        """Where runs are made: on the grid if nothing is said; a search finds its own points."""
        return self.design or ([] if self.search else [Grid()])

    def levels(self, where: str = "study") -> dict[str, Factor]:
        """The factors, with levels as the parameters' types have them."""
        return {name: factor_of(name, given, where, is_whole(name))
                for name, given in self.factors.items()}  # fmt: skip

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
        for design in self.designs:
            try:
                rows += design.rows(space)
            except ScenarioError:
                raise
            except InputError as error:
                raise ScenarioError(f"{where}: {error}") from None
        return Plan(Row(self.typed(row.point, row.origin or where), row.replicate) for row in rows)

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
        if not isinstance(name, str):
            raise ScenarioError(f"factors.scenario: {name!r} is no scenario's name")
        if name not in bases:
            bases[name] = self.base(folder, name)
        return bases[name].replace(**changes) if changes else bases[name]

    def typed(self, point: dict[str, Any], where: str = "study") -> dict[str, Any]:
        """A point's values as their parameters' types have them: one number is not two points.

        Raises:
            ScenarioError: for a name or a value that is not allowed.
        """
        return {name: value if name == SCENARIO else typed_value(name, value, where)
                for name, value in point.items()}  # fmt: skip

    def column_of(self, measure: str) -> str:
        """The table's column of a measure: ``…_measured`` where a factor has the same name."""
        return f"{measure}_measured" if measure in self.factors else measure

    def base(self, folder: Path | None = None, scenario: str | None = None) -> Scenario:
        """The scenario under all points."""
        name = scenario or self.scenario
        beside = folder / name if folder else None
        loaded = load(beside if beside and beside.is_file() else name)
        return loaded.replace(**{**self.set, "seed": self.seed})


@cache
def is_whole(name: str) -> bool | None:
    """Whether a parameter takes whole numbers only; None if there is no such parameter."""
    if name not in section_of():
        return None
    return SECTIONS[section_of()[name]].model_fields[name].annotation is int


@cache
def _reader(name: str) -> TypeAdapter[Any]:
    field = SECTIONS[section_of()[name]].model_fields[name]
    kind: Any = Annotated[field.annotation, field]  # type: ignore[name-defined, unused-ignore]
    return TypeAdapter(kind, config=ConfigDict(strict=True))


def typed_value(name: str, value: Any, where: str = "study", table: str = "factors") -> Any:
    """A parameter's value as its type has it; choices by name.

    Args:
        name: of the parameter.
        value: as it was given.
        where: a file, to name in an error.
        table: of the file.

    Raises:
        ScenarioError: for a name or a value that is not allowed.

    >>> typed_value("detection", 1), typed_value("operators", "mean")
    (1.0, 'mean')
    """
    if name not in section_of():
        raise ScenarioError(
            f"{at(where, table, name)}: there is no parameter '{name}'"
            f"{nearest(name, (*section_of(), SCENARIO))}"
        )
    try:
        typed = _reader(name).validate_python(value)
    except ValidationError:
        try:  # said by the scenario, which knows what is allowed
            load().replace(**{name: value})
        except InputError as error:
            raise ScenarioError(f"{at(where, table, name)}: {error}") from None
        raise
    return typed.name if isinstance(typed, IntEnum) else typed
