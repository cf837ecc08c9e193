"""What is wrong with a scenario, in words: where, what, what is allowed, the nearest name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from model.declared import declared
from model.errors import nearest
from model.parameters import SECTIONS, section_of


def explain(error: ValidationError, where: str, path: Path | None) -> str:
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
        if fault["type"] == "missing":
            return f"{where}: program{number}: the key '{key[1:]}' is missing"
        if fault["type"] == "extra_forbidden":
            keys = ["parameter", "at", "from", "until", "to"]
            return f"{where}: program{number}: there is no key '{key[1:]}'{nearest(key[1:], keys)}"
        return f"{where}: program{number}{key}: {fault['msg'].removeprefix('Value error, ')}"
    name = location[-1]
    place = at(path or where, *location)
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


def at(path: Path | str, *location: str) -> str:
    """Where in a TOML file a key stands: ``study.toml, line 7: factors.detection``."""
    line = _line_of(Path(path), location)
    return f"{path}{f', line {line}' if line else ''}: {'.'.join(location)}"


def _line_of(path: Path, location: tuple[str, ...]) -> int | None:
    """The line on which a key or a table of a TOML file is set, if it is set in that very file."""
    if not path.is_file():
        return None
    table = ""
    for number, text in _numbered(path):
        header = re.match(r"\s*\[\[?\s*([\w.]+)\s*\]", text)
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


def toml_hint(path: Path, error: Exception) -> str:
    """The line at which a file stops being TOML, and what is commonly wrong with such lines."""
    place = re.search(r"at line (\d+)", str(error))
    lines = path.read_text(encoding="utf-8").splitlines()
    if place is None or not 1 <= int(place[1]) <= len(lines):
        return ""
    text = lines[int(place[1]) - 1].strip()
    shown = f"\n    {text}"
    word = re.match(r"[\w.-]+\s*=\s*([A-Za-z_][\w./-]*)\s*(#.*)?$", text)
    if word:
        return f'{shown}\n  words need quotes: "{word[1]}"'
    if re.search(r"=\s*[\[{](.*[\[,=])?\s*[A-Za-z_][\w-]*\s*[,\]}]", text):
        return f"{shown}\n  words need quotes"
    if re.search(r"=\s*-?\d+,\d+\s*$", text):
        return f"{shown}\n  numbers are written with a point: 0.5"
    return shown
