"""What is wrong with a study file, in words: where, what, what is allowed, the nearest name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from experiments.study.design_kinds import KINDS, unknown_kind
from experiments.study.schema import (
    Calibration,
    FigureOfTwoFactors,
    Replication,
    Search,
    Study,
)
from model.errors import nearest
from model.faults import at
from model.parameters import section_of

_TABLES: dict[str, type[BaseModel]] = {
    "replication": Replication, "search": Search, "calibration": Calibration,
    "figure": FigureOfTwoFactors,
}  # fmt: skip

_NEEDED = {
    "string_type": "text in quotes is needed",
    "int_type": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "float_type": "a number is needed",
    "bool_type": "true or false is needed",
    "list_type": "a list is needed, in square brackets",
    "dict_type": "a table is needed",
    "model_type": "a table is needed",
    "tuple_type": "a pair is needed: [value, tolerance]",
    "too_short": "it is empty, or too short",
    "too_long": "it is too long",
}
"""Pydantic's types of fault as a user needs them said; others it says well itself."""


def explain(path: Path, fault: Any) -> str:
    """One of Pydantic's faults in a line or two."""
    place = [str(part) for part in fault["loc"]]
    if place[0] == "design":  # design.0.sobol.points: what pydantic adds is nothing of the user's
        place = ["design", *(part for part in place[2:] if part not in KINDS)]
    where = at(path, *place)
    kind, given = fault["type"], fault["input"]
    if kind == "union_tag_invalid":
        return f"{at(path, 'design', 'kind')}{unknown_kind(given.get('kind'))}"
    if kind == "union_tag_not_found":
        return f"{where}: the key 'kind' is missing (allowed: {', '.join(KINDS)})"
    if place == ["design"] and kind in ("model_attributes_type", "list_type"):
        return f"{where} = {given!r}: write a table: [design], and below it kind = …"
    if kind == "extra_forbidden":
        keys = _TABLES.get(place[0] if len(place) > 1 else "", Study).model_fields
        if place[-1] in section_of():
            return f"{where}: a parameter belongs in [set], or in [factors] if it varies"
        return f"{where}: there is no key '{place[-1]}'{nearest(place[-1], keys)}"
    if kind == "missing":
        if place[-1] in _TABLES or len(place) == 1:
            return f"{path}: the key '{place[-1]}' is missing{_misplaced(path, place[-1])}"
        return f"{at(path, *place[:-1])}: the key '{place[-1]}' is missing"
    return f"{where} = {given!r}: {_NEEDED.get(kind, fault['msg'])}"


def _misplaced(path: Path, key: str) -> str:
    """That a key stands below the header of some table, and belongs to it, if so."""
    for table in ("factors", "set", "design", *_TABLES):
        said = at(path, table, key)
        if ", line " in said:
            return (f" ({said.removeprefix(str(path))[2:]}: it stands below [{table}] and belongs "
                    "to it; write it above the first table)")  # fmt: skip
    return ""
