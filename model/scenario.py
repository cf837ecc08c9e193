"""A scenario: everything that decides a run but its length.

A scenario is a TOML file with a title, a story of two lines, and the tables ``population``,
``network``, ``institution``, ``citizens`` and ``chance``. What a file leaves out has its default,
or the value of the scenario named by ``extends``. Files are only ever read as data.
"""

from __future__ import annotations

import json
import re
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

from model.declared import declared
from model.errors import InputError, ScenarioError, nearest
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
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _authority_is_possible(self) -> Scenario:
        for name in self.authority.adapts:
            if name not in ADAPTABLE:
                what = (
                    f"authority.adapts: '{name}' is no number of the institution's that can adapt"
                    f"{nearest(name, ADAPTABLE)}"
                )
                raise PydanticCustomError("authority", "{what}", {"what": what})
        if not self.authority.adapts:
            raise PydanticCustomError(
                "authority", "{what}", {"what": "authority.adapts names no parameter"}
            )
        return self

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
        # what was never set stays so: see Society's seed
        return build(self.model_dump(exclude_unset=True, by_alias=True), changes, "parameters")

    def mechanisms(self) -> list[str]:
        """The mechanisms beyond the score that are turned on: see :mod:`model.mechanisms`."""
        planned = [{change.parameter: change.to} for change in self.program]
        on = {name for values in (self.parameters(), *planned) for name in turned_on(values)}
        return [name for name in SWITCHES if name in on]

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
            merged[name] = [dict(change) for change in value]
            continue
        if name not in sections:
            raise ScenarioError(f"there is no parameter '{name}'{nearest(name, sections)}")
        plain = value.item() if hasattr(value, "item") else value
        merged.setdefault(sections[name], {})[name] = plain
    try:
        return Scenario.model_validate(merged)
    except ValidationError as error:
        raise ScenarioError(_explain(error, where, path)) from None


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as data, or one clear error."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: not valid TOML: {error}") from None
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


def _explain(error: ValidationError, where: str, path: Path | None) -> str:
    """Pydantic's errors as lines that say where, what, what is allowed, and the nearest name."""
    seen: dict[tuple[str, ...], list[Any]] = {}
    for fault in error.errors(include_url=False):
        location = tuple(str(part) for part in fault["loc"][:2])
        seen.setdefault(location, []).append(fault)
    return "\n".join(
        _explain_one(location, faults[0], where, path) for location, faults in seen.items()
    )


def _explain_one(location: tuple[str, ...], fault: Any, where: str, path: Path | None) -> str:
    if fault["type"] == "authority":
        return f"{where}: {fault['ctx']['what']}"
    if fault["type"] == "program":
        return f"{where}: program {fault['ctx']['number'] + 1}: {fault['ctx']['what']}"
    if location and location[0] == "program":
        number = f" {fault['loc'][1] + 1}" if len(fault["loc"]) > 1 else ""
        key = "".join(f".{part}" for part in fault["loc"][2:])
        if fault["type"] == "extra_forbidden":
            keys = ["parameter", "at", "from", "until", "to"]
            return f"{where}: program{number}: there is no key '{key[1:]}'{nearest(key[1:], keys)}"
        return f"{where}: program{number}{key}: {fault['msg'].removeprefix('Value error, ')}"
    name = location[-1]
    line = _line_of(path, location)
    place = f"{where}{f', line {line}' if line else ''}: {'.'.join(location)}"
    if fault["type"] == "extra_forbidden":
        if len(location) == 1:
            allowed: Any = ["title", "story", "extends", "program", *SECTIONS]
            if name in section_of():
                return f"{place}: '{name}' belongs in [{section_of()[name]}]"
            if name in {"factors", "replicates"}:
                return f"{place}: this is a study; run it with `scored sweep`"
            return f"{place}: there is no table or key '{name}'{nearest(name, allowed)}"
        own = SECTIONS[location[0]].model_fields
        sections = section_of()
        if name in sections:
            return f"{place}: '{name}' belongs in [{sections[name]}]"
        return f"{place}: there is no parameter '{name}'{nearest(name, [*own, *sections])}"
    row = next((row for row in declared() if row.name == name), None)
    if row is None:
        return f"{place} = {fault['input']!r}: {fault['msg']}"
    close = nearest(str(fault["input"]), row.allowed.split(", ")) if "," in row.allowed else ""
    return f"{place} = {fault['input']!r} is not allowed; allowed: {row.allowed}{close}"


def _line_of(path: Path | None, location: tuple[str, ...]) -> int | None:
    """The line on which a key of a TOML file is set, if it is set in that very file."""
    if path is None or not path.is_file():
        return None
    table = ""
    for number, text in _numbered(path):
        header = re.match(r"\s*\[\s*([\w.]+)\s*\]", text)
        if header:
            table = header[1]
            if location == (table,):
                return number
        key = re.match(r"\s*([\w.]+)\s*=", text)
        if key and tuple(filter(None, (*table.split("."), *key[1].split(".")))) == location:
            return number
    return None


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)


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
