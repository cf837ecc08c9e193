"""A scenario: everything that decides a run but its length.

A scenario is a TOML file with a title, a story of two lines, and the tables ``population``,
``network``, ``institution``, ``citizens`` and ``chance``. What a file leaves out has its default,
or the value of the scenario named by ``extends``. Files are only ever read as data.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from model.choices import Adaptation, ExpressionRule
from model.declared import declared
from model.errors import InputError, ScenarioError, nearest
from model.faults import explain, toml_hint
from model.mechanisms import SWITCHES, turned_on
from model.parameters import (
    ADAPTABLE,
    SECTIONS,
    Authority,
    Chance,
    Citizens,
    Institution,
    Network,
    Population,
    section_of,
)
from model.program import Change, faults, in_force

DEFAULT = "guilt_by_association"
_MAX_EXTENDS = 8


class Scenario(BaseModel):
    """A validated scenario. Equal scenarios are equal values; none can be changed in place.

    >>> Scenario().replace(detection=0.4).institution.detection
    0.4
    >>> Scenario().replace(recovry=0.4)
    Traceback (most recent call last):
    ...
    model.errors.ScenarioError: there is no parameter 'recovry'; did you mean 'recovery'?
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    story: str = ""
    population: Population = Field(default_factory=Population)
    network: Network = Field(default_factory=Network)
    institution: Institution = Field(default_factory=Institution)
    citizens: Citizens = Field(default_factory=Citizens)
    authority: Authority = Field(default_factory=Authority)
    chance: Chance = Field(default_factory=Chance)
    program: tuple[Change, ...] = ()
    """What the institution changes over time: see :mod:`model.program`."""

    @field_validator("program", mode="before")
    @classmethod
    def _a_list_will_do(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise PydanticCustomError(
                "program", "{what}",
                {"number": 0, "what": "write it as [[program]] tables (in Python: a list)"},
            )  # fmt: skip
        return tuple(value)

    @model_validator(mode="after")
    def _authority_is_possible(self) -> Scenario:
        for name in self.authority.adapts:
            if name not in ADAPTABLE:
                what = (
                    f"authority.adapts: '{name}' is nothing that an authority can move"
                    f"{nearest(name, ADAPTABLE)} (allowed: {', '.join(ADAPTABLE)})"
                )
                raise PydanticCustomError("authority", "{what}", {"what": what})
        if self.authority.adaptation_rule is not Adaptation.none:
            for what in self._authority_in_vain():
                raise PydanticCustomError("authority", "{what}", {"what": what})
        if self.citizens.learning > 0.0 and self._strategic:
            what = (
                "learning: who acts strategically is seldom recorded for what is tolerated; set 0"
            )
            raise PydanticCustomError("authority", "{what}", {"what": what})
        return self

    @property
    def _strategic(self) -> bool:
        return self.citizens.expression_rule is ExpressionRule.strategic

    def _authority_in_vain(self) -> Iterator[str]:
        """Why an authority would adapt in vain."""
        adapts = self.authority.adapts
        if not adapts:
            yield "authority.adapts names no parameter"
        for name in adapts:
            if name in ("tolerance", "severity") and not self._strategic:
                yield (
                    f"authority.adapts: nobody responds to {name} unless expression_rule is "
                    "strategic; name others, for example detection"
                )
            network, institution = self.network, self.institution
            if name == "tie_loss" and "arrest" not in adapts and institution.arrest == 0.0:
                yield "authority.adapts: tie_loss matters only if arrest is above 0"
            if name == "guilt_by_following" and not network.follows:
                yield "authority.adapts: guilt_by_following matters only if follows is above 0"
            if name in (change.parameter for change in self.program):
                yield f"authority.adapts: '{name}' has a program already"

    @model_validator(mode="after")
    def _program_is_possible(self) -> Scenario:
        for number, change in enumerate(self.program):
            name = change.parameter
            if name not in Institution.model_fields:
                known = section_of()
                what = (
                    f"'{name}' belongs to [{known[name]}]; only the institution has a program"
                    if name in known
                    else f"there is no parameter '{name}'{nearest(name, Institution.model_fields)}"
                )
                raise PydanticCustomError("program", "{what}", {"number": number, "what": what})
            if name == "mandatory_from":
                what = "mandatory_from is a date itself and has no program"
                raise PydanticCustomError("program", "{what}", {"number": number, "what": what})
            try:
                Institution.model_validate({name: change.to})
            except ValidationError:
                allowed = next(row for row in declared() if row.name == name).allowed
                what = f"{name} = {change.to!r} is not allowed; allowed: {allowed}"
                raise PydanticCustomError(
                    "program", "{what}", {"number": number, "what": what}
                ) from None
        for number, what in faults(self.program, self.institution):
            raise PydanticCustomError("program", "{what}", {"number": number, "what": what})
        return self

    def institution_in(self, period: int) -> Institution:
        """The institution as its program has it in a period, numbered from 1."""
        values = in_force(self.institution, self.program, period)
        if not values:
            return self.institution
        return Institution.model_validate({**dict(self.institution), **values})

    def replace(self, **changes: Any) -> Scenario:
        """A copy with parameters changed by their flat names, or with another ``program``.

        Raises:
            ScenarioError: for an unknown name or a value that is not allowed.
        """
        if not changes:
            return self
        # what was never set stays so: see Society's seed; what is not changed is valid as it is
        sections = section_of()
        changed = {sections.get(name) for name in changes}
        tables = {name: value.model_dump(exclude_unset=True) if name in changed else value
                  for name in self.model_fields_set for value in [getattr(self, name)]}  # fmt: skip
        return build(tables, changes, "parameters")

    def mechanisms(self) -> list[str]:
        """The mechanisms beyond the score that are turned on: see :mod:`model.mechanisms`."""
        planned = [{change.parameter: change.to} for change in self.program]
        if self.authority.adaptation_rule is not Adaptation.none:  # it may turn anything on
            planned += [{name: math.nan} for name in self.authority.adapts]
        on = {name for values in (self.parameters(), *planned) for name in turned_on(values)}
        return [name for name in SWITCHES if name in on]

    def moving(self) -> list[str]:
        """The parameters of the institution that change over time, by program or by adaptation."""
        adapts = self.authority.adaptation_rule is not Adaptation.none
        names = [change.parameter for change in self.program]
        return list(dict.fromkeys([*names, *(self.authority.adapts if adapts else ())]))

    def shown(self) -> list[str]:
        """What says which measures are taken every period: mechanisms, and what moves."""
        return [*self.mechanisms(), *(f"moving {name}" for name in self.moving())]

    def tables(self) -> dict[str, Any]:
        """The scenario as plain nested data, as a TOML file would hold it."""
        return self.model_dump(mode="python", by_alias=True)

    def parameters(self) -> dict[str, Any]:
        """Every parameter by its flat name, choices by name."""
        tables = self.tables()
        return {name: tables[section][name] for name, section in section_of().items()}

    def to_json(self) -> str:
        """The scenario as JSON text (infinity as the string ``"inf"``, since JSON has none)."""
        values = self.tables()
        for section in SECTIONS:
            for name, value in values[section].items():
                if value == float("inf"):
                    values[section][name] = "inf"
        return json.dumps(values, ensure_ascii=False, sort_keys=True)


def bundled() -> dict[str, Path]:
    """The scenarios that come with the package: name → file."""
    folder = Path(str(files("model") / "scenarios"))
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load(scenario: str | Path | Scenario = DEFAULT) -> Scenario:
    """A scenario by name, by file, or as it is.

    Raises:
        ScenarioError: if there is none of that name, or the file is wrong.
    """
    if isinstance(scenario, Scenario):
        return scenario
    path = _find(str(scenario))
    return build(_read_extended(path), {}, str(path), path)


def build(
    tables: Mapping[str, Any], changes: Mapping[str, Any], where: str, path: Path | None = None
) -> Scenario:
    """Validate nested tables with flat changes on top.

    Args:
        tables: nested data as in a scenario file.
        changes: flat name → value, overriding the tables.
        where: what to name in an error.
        path: the file in which to look up the line of a fault.
    """
    merged = {key: dict(value) if isinstance(value, Mapping) else value
              for key, value in tables.items()}  # fmt: skip
    sections = section_of()
    for name, value in changes.items():
        if name == "program":  # no parameter, but from Python it is given like one
            merged[name] = list(value) if isinstance(value, list | tuple) else value
            continue
        if name not in sections:
            raise ScenarioError(f"there is no parameter '{name}'{nearest(name, sections)}")
        plain = value.item() if hasattr(value, "item") else value
        merged.setdefault(sections[name], {})[name] = plain
    try:
        return Scenario.model_validate(merged)
    except ValidationError as error:
        raise ScenarioError(explain(error, where, path)) from None


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as data, or one clear error."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: not valid TOML: {error}{toml_hint(path, error)}") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None


def parse_settings(settings: list[str] | None) -> dict[str, Any]:
    """``["detection=0.3"]`` → ``{"detection": 0.3}``, values written as in TOML or bare.

    >>> parse_settings(["detection=0.3", "visibility=private", "rationality=inf"])
    {'detection': 0.3, 'visibility': 'private', 'rationality': inf}
    """
    changes: dict[str, Any] = {}
    for setting in settings or []:
        name, equals, text = setting.partition("=")
        if not equals:
            raise ScenarioError(f"--set {setting}: write it as name=value")
        try:
            value = tomllib.loads(f"x = {text}")["x"]
        except tomllib.TOMLDecodeError:
            value = text.strip()
        section, _, key = name.strip().rpartition(".")  # institution.detection, as in the file
        key = key if section_of().get(key) == section else name.strip()
        if key == "program":
            raise ScenarioError("--set program: write [[program]] tables in a scenario file")
        if key in changes:
            raise ScenarioError(f"--set {key} is given twice: {changes[key]} and {value}")
        changes[key] = value
    return changes


def _find(name: str) -> Path:
    known = bundled()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".toml" or "/" in name or path.exists():
        if not path.is_file():
            raise ScenarioError(f"there is no scenario file {path}")
        return path
    raise ScenarioError(
        f"there is no scenario '{name}'{nearest(name, known)} "
        f"(known: {', '.join(known)}; or give a .toml file)"
    )


def _read_extended(path: Path, depth: int = 0) -> dict[str, Any]:
    """A file's tables laid over those of the scenario that it extends."""
    tables = read_toml(path)
    parent = tables.pop("extends", None)
    network = tables.get("network")
    if isinstance(network, dict) and isinstance(network.get("network_file"), str):
        file = Path(network["network_file"])
        if str(file) != "." and not file.is_absolute():  # a file is named relative to its scenario
            network["network_file"] = str(path.parent / file)
    if parent is None:
        return tables
    if not isinstance(parent, str):
        raise ScenarioError(f"{path}: extends: {parent!r} is not the name of a scenario")
    if depth >= _MAX_EXTENDS:
        raise ScenarioError(f"{path}: extends goes in a circle, or deeper than {_MAX_EXTENDS}")
    beside = path.parent / parent
    below = _read_extended(beside if beside.is_file() else _find(parent), depth + 1)
    for key, value in tables.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            below[key] = {**below[key], **value}
        else:
            below[key] = value
    return below


__all__ = [
    "DEFAULT",
    "InputError",
    "Scenario",
    "ScenarioError",
    "build",
    "bundled",
    "load",
    "parse_settings",
    "read_toml",
]
