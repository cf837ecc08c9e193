"""The table of all parameters, derived from their declarations."""

from __future__ import annotations

import math
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, NamedTuple

from model.parameters import LARGEST_SEED, SECTIONS


class Declared(NamedTuple):
    """One row of the parameter table."""

    name: str
    section: str
    symbol: str
    default: str
    allowed: str
    unit: str
    meaning: str
    source: str
    kind: str
    """``number``, ``whole``, ``choice``, or ``text`` for what is none of these."""
    low: float | None
    high: float | None
    """Ends of the range, or None where there is none."""
    choices: tuple[str, ...]


def _ends(schema: dict[str, Any]) -> tuple[float | None, float | None]:
    return schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")


def _range(name: str, schema: dict[str, Any]) -> str:
    """What a parameter may be, in words, from pydantic's schema of its section."""
    if "anyOf" in schema:  # a number, or the name of the parameter that it follows
        return " or ".join(_range(name, option) for option in schema["anyOf"])
    if "const" in schema:
        return f"'{schema['const']}'"
    if schema.get("type") == "array":
        return "names"
    if schema.get("type") == "string":
        return "text"
    low, high = _ends(schema)
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    left = "(" if "exclusiveMinimum" in schema else "["
    whole = "whole, " if schema.get("type") == "integer" else ""
    top = "2^64 − 1" if high == LARGEST_SEED else f"{high:g}"
    return f"{whole}{left}{low:g}, {top}]"


def _choices(annotation: object) -> type[IntEnum] | None:
    """The choices of a field that is one, else nothing."""
    return annotation if isinstance(annotation, type) and issubclass(annotation, IntEnum) else None


def _written(default: object) -> str:
    if isinstance(default, tuple):
        return ", ".join(default)
    return default.name if isinstance(default, IntEnum) else f"{default}"


def declared() -> Iterator[Declared]:
    """Every parameter in the order of the scenario file.

    >>> next(declared()).name
    'citizens'
    """
    for section, table in SECTIONS.items():
        schema = table.model_json_schema(mode="validation")["properties"]
        for name, field in table.model_fields.items():
            own = _choices(field.annotation)
            choices = tuple(own.__members__) if own else tuple(schema[name].get("enum", ()))
            extra: dict[str, Any] = field.json_schema_extra  # type: ignore[assignment]
            default = field.default
            low, high = _ends(schema[name])
            numbers = {"number": "number", "integer": "whole"}
            kind = "choice" if choices else numbers.get(schema[name].get("type", ""), "text")
            yield Declared(
                name=name,
                section=section,
                symbol=extra["symbol"],
                default=_written(default),
                allowed=", ".join(choices) if choices else _range(name, schema[name]),
                unit=extra["unit"],
                meaning=field.description or "",
                source=extra["source"],
                kind=kind,
                low=low,
                high=high,
                choices=choices,
            )
