"""What varies in a study: a parameter with its levels, or with a range."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from model.errors import ScenarioError, nearest
from model.faults import at

_KEYS = ("from", "to", "levels", "scale", "whole")
_SCALES = ("linear", "log")


class Levels(NamedTuple):
    """A factor with the values that it takes."""

    values: list[Any]

    def all(self) -> list[Any]:
        """The values, in their order."""
        return self.values

    def at(self, u: float) -> Any:
        """The value at ``u`` in [0, 1]: each has an equal part of it."""
        return self.values[min(int(u * len(self.values)), len(self.values) - 1)]


class Range(NamedTuple):
    """A factor that may be anything between two numbers, both included."""

    low: float
    high: float
    log: bool = False
    """Evenly spread in the logarithm."""
    whole: bool = False
    steps: int | None = None
    """How many levels it has on a grid."""

    def all(self) -> list[Any]:
        """Evenly spaced levels from end to end; those of a whole range are rounded."""
        assert self.steps is not None  # noqa: S101  (designs that need levels check it)
        spaced = np.geomspace if self.log else np.linspace
        values = spaced(self.low, self.high, self.steps).tolist()
        if self.whole:
            return list(dict.fromkeys(round(value) for value in values))
        return [self.low, *values[1:-1], self.high]

    def at(self, u: float) -> Any:
        """The value at ``u`` in [0, 1]; each whole number has an equal part of it."""
        if self.whole and not self.log:
            return min(math.floor(self.low + u * (self.high - self.low + 1.0)), int(self.high))
        return self._between(u)

    def _between(self, u: float) -> Any:
        if u <= 0.0:  # the ends to the bit
            value = self.low
        elif u >= 1.0:
            value = self.high
        elif self.log:
            value = math.exp(math.log(self.low) + u * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + u * (self.high - self.low)
        return round(value) if self.whole else float(value)


Factor = Levels | Range


def factor_of(name: str, given: Any, where: str, whole: bool | None = None) -> Factor:
    """A factor from a study file: a list of levels, or a table ``{from, to, …}``.

    Args:
        name: the parameter.
        given: what the file says.
        where: what to name in an error.
        whole: whether the parameter takes whole numbers only; None if that isn't known: then a
            range is of whole numbers if both its ends are, unless it says otherwise.

    Raises:
        ScenarioError: saying what is wrong and what is allowed.

    >>> factor_of("detection", {"from": 0.1, "to": 0.3, "levels": 3}, "study.toml").all()
    [0.1, 0.2, 0.3]
    >>> factor_of("citizens", {"from": 100, "to": 10000, "scale": "log", "levels": 3}, "").all()
    [100, 1000, 10000]
    """
    said = at(where, "factors", name)
    if isinstance(given, list):
        return _levels(given, said)
    if not isinstance(given, Mapping):
        raise ScenarioError(
            f"{said}: write a list of levels, or {{from = …, to = …}}; not {given!r}"
        )
    for key in given:
        if key not in _KEYS:
            hint = "; write levels, how many there are" if key in ("step", "by") else ""
            raise ScenarioError(
                f"{said}: there is no key '{key}'{hint or nearest(key, _KEYS)} "
                f"(allowed: {', '.join(_KEYS)})"
            )
    low, high = given.get("from"), given.get("to")
    for key, end in (("from", low), ("to", high)):
        if isinstance(end, bool) or not isinstance(end, int | float) or not math.isfinite(end):
            raise ScenarioError(f"{said}: {key} = {end!r}: a finite number is needed")
    assert isinstance(low, int | float) and isinstance(high, int | float)  # noqa: S101, PT018
    if not low < high:
        raise ScenarioError(f"{said}: from = {low} must be less than to = {high}")
    scale = given.get("scale", "linear")
    if scale not in _SCALES:
        raise ScenarioError(
            f"{said}: scale = {scale!r}{nearest(str(scale), _SCALES)} (allowed: linear, log)"
        )
    if scale == "log" and low <= 0:
        raise ScenarioError(f"{said}: from = {low}: a log scale needs numbers above 0")
    count = given.get("levels")
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 2):
        raise ScenarioError(f"{said}: levels = {count!r}: a whole number ≥ 2 is needed")
    only_whole = given.get("whole", isinstance(low, int) and isinstance(high, int))
    if not isinstance(only_whole, bool):
        raise ScenarioError(f"{said}: whole = {only_whole!r}: true or false")
    if whole is not None and "whole" not in given:
        only_whole = whole
    if only_whole and (low != int(low) or high != int(high)):
        raise ScenarioError(f"{said}: from = {low}, to = {high}: whole numbers are needed")
    return Range(low, high, scale == "log", only_whole, count)


def _levels(values: list[Any], said: str) -> Levels:
    if not values:
        raise ScenarioError(f"{said} has no levels")
    if len(set(map(repr, values))) < len(values):
        raise ScenarioError(f"{said} has a level twice")
    if len({isinstance(value, str) for value in values}) > 1:
        raise ScenarioError(f"{said} mixes words and numbers; make it two studies")
    return Levels(values)
