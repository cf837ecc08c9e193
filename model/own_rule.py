"""A researcher's own scoring rule: tried out before anything runs, and made ready to be compiled.

Compiled code keeps the constants and helpers that it was made with. A rule is therefore compiled
from a fresh copy of itself and of all the researcher's functions that it calls, whenever
:func:`model.compilation.fingerprint` says that any of them has changed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any

import numpy as np

from model.compilation import names_in
from model.errors import InputError, nearest
from model.parameters import SCORE_FLOOR
from model.rules.marker import rule
from model.rules.records import CitizenState, Glance
from model.rules.worth import ScoringRule

_WHAT = {CitizenState: "a citizen", Glance: "a glance"}
_TELLING = (
    "Unknown attribute", "Untyped global", "NameError", "No implementation of function",
    "Cannot unify", "nsupported", "NRT required",
)  # fmt: skip


def try_out(scoring: ScoringRule, institution: Any) -> None:
    """Call a rule in plain Python, for people and friends of several kinds.

    Raises:
        InputError: if it is no plain function, fails, or returns no finite number; with the
            nearest field for one that doesn't exist.
    """
    plain = getattr(scoring, "py_func", scoring)
    if not isinstance(plain, FunctionType):
        raise InputError(
            f"the scoring rule {scoring!r} is not a function: write "
            "`def my_rule(citizen, glance, institution): …` (and call others from it)"
        )
    for expression, gravity in ((0.0, 0.0), (1.0, 1.0), (1.0, 2.0), (-1.0, 0.0)):
        citizen = CitizenState(
            0.25, 0.25, 0.5, 0.5, 0.5, 650.0, 640.0, expression, gravity, 0.0, 1.0, -1.0
        )
        for glance in (
            Glance(10.0, 0.0, 0.0, 0.0, 0.0, 0.0, 640.0),
            Glance(10.0, 0.1, 0.4, 0.2, 0.3, 2.0, 600.0),
        ):
            _try(plain, citizen, glance, institution)


def _try(
    scoring: Callable[..., Any], citizen: CitizenState, glance: Glance, institution: Any
) -> None:
    called = f"the scoring rule '{scoring.__name__}'"
    recorded = "some" if glance.share_flagged else "none"
    when = f"for a citizen with 10 friends, {recorded} of them recorded"
    try:
        score: Any = scoring(citizen, glance, institution)
    except AttributeError as error:
        fields: tuple[str, ...] = getattr(type(error.obj), "_fields", ())
        if not fields or error.name in fields:
            raise InputError(f"{called} fails {when}: {error}") from error
        what = _WHAT.get(type(error.obj), "an institution")
        raise InputError(
            f"{called}: {what} has no '{error.name}'{nearest(str(error.name), fields)} "
            f"(it has: {', '.join(fields)})"
        ) from error
    except Exception as error:
        raise InputError(f"{called} fails {when}: {type(error).__name__}: {error}") from error
    if not isinstance(score, int | float | np.number) or not math.isfinite(score):
        raise InputError(
            f"{called} returns {score!r} {when}; it must return the new score, a finite number"
        )


def fresh(scoring: ScoringRule) -> ScoringRule:
    """A copy as a rule for the compiler, with copies of all functions of its author's."""
    return _fresh(getattr(scoring, "py_func", scoring), {})


def _fresh(function: Any, copies: dict[int, Any]) -> Any:
    if id(function) in copies:
        return copies[id(function)]

    def own(value: Any) -> bool:
        plain = getattr(value, "py_func", value)
        package = (getattr(plain, "__module__", None) or "").split(".")[0]
        return isinstance(plain, FunctionType) and package not in {"model", "numba", "numpy"}

    def copy_of(value: Any) -> Any:
        return _fresh(getattr(value, "py_func", value), copies) if own(value) else value

    space = dict(function.__globals__)
    copy = FunctionType(function.__code__, space, function.__name__, function.__defaults__, None
                        if function.__closure__ is None
                        else tuple(CellType() for _ in function.__closure__))  # fmt: skip
    copies[id(function)] = copy
    copy.__kwdefaults__ = function.__kwdefaults__
    # cached code can only be loaded where its functions' modules can be imported; a rule's own
    # may be a notebook, or none at all
    copy.__module__, copy.__qualname__ = __name__, function.__qualname__
    for name in names_in(function.__code__) & space.keys():
        space[name] = copy_of(space[name])
    for ours, theirs in zip(copy.__closure__ or (), function.__closure__ or (), strict=True):
        ours.cell_contents = copy_of(theirs.cell_contents)
    return rule(copy)


def explain(scoring: ScoringRule, error: Exception) -> str:
    """What the compiler has against a rule, in one line out of its hundred."""
    lines = [re.sub(r"\x1b\[\d*m", "", line).strip() for line in str(error).splitlines()]
    lines = [line for line in lines if line] or [type(error).__name__]
    telling = next((line for line in lines if any(word in line for word in _TELLING)), lines[0])
    if "NRT required" in telling:
        telling = "it makes arrays or lists"
    if "got None" in telling:
        telling = "it returns None for somebody"
    return (
        f"the scoring rule '{scoring.__name__}' cannot be compiled: use numbers, arithmetic, "
        f"`if` and `math` only (or run it with the Mesa engine). The compiler says: {telling}"
    )


def check_scores(scoring: ScoringRule, world: Any) -> None:
    """Refuse a rule that gave something else than a finite number in the last period.

    Raises:
        InputError: naming the rule and the first such citizen.
    """
    none = np.flatnonzero(world.score < SCORE_FLOOR)
    if len(none):
        raise InputError(
            f"the scoring rule '{scoring.__name__}' gave no finite number for citizen "
            f"{world.labels[none[0]]} in period {world.period + 1} "
            f"({world.ties.arrays.degree[none[0]]} friends: is something divided by them?)"
        )
