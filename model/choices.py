"""The parameters that are choices: written by name, computed with as numbers."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer


class Visibility(IntEnum):
    """Who can look up whose record (M7)."""

    public = 0
    friends = 1
    private = 2


class AssociationRule(IntEnum):
    """How friends' recorded dissent adds up (M6)."""

    mean = 0
    count = 1
    worst = 2


class ExpressionRule(IntEnum):
    """How a citizen decides what to say; the functions are in ``rules/expression.py``, those of
    strategic dissent and of the spiral of silence in ``rules/strategy.py`` and ``rules/spiral.py``.
    """

    quantal = 0
    threshold = 1
    strategic = 2
    linear = 3
    spiral = 4


class Operators(IntEnum):
    """Who keeps scores, and how two operators' scores become one (M3)."""

    one = 0
    mean = 1
    worst = 2
    merged = 3


class Punishment(IntEnum):
    """What strategic dissent beyond the tolerance is punished by."""

    uniform = 0
    proportional = 1


class Adaptation(IntEnum):
    """How the institution adapts, if it does: see ``model/authority.py``."""

    none = 0
    hill_climbing = 1
    proportional = 2


class Schedule(IntEnum):
    """Who reads what: everybody period t, or one after the other what is newest."""

    synchronous = 0
    random_order = 1


def by_name(choices: type[IntEnum]) -> Any:
    """A pydantic type that reads and writes a choice by its name and computes with its number."""

    def read(value: object) -> object:
        if isinstance(value, choices):
            return value
        if isinstance(value, str) and value in choices.__members__:
            return choices[value]
        raise ValueError(f"choose one of {', '.join(choices.__members__)}")

    return Annotated[
        choices,
        BeforeValidator(read),
        PlainSerializer(lambda choice: choice.name, return_type=str),
    ]
