"""Ramps and switches: what an institution changes over time, by its own plan.

A scenario's ``[[program]]`` tables say which parameter of the institution takes which value when:
a step ``{parameter, at, to}``, or a ramp ``{parameter, from, until, to}`` that moves evenly from
the value before it to the new one. Periods are numbered from 1, as in the stored series. A switch
is two steps, a ramp up and down two ramps: hysteresis and interrupted time series are made so.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from pydantic import ConfigDict, Field, model_validator

from model.parameters import Institution, Section


class Change(Section):
    """One step or ramp of one parameter."""

    model_config = ConfigDict(**{**Section.model_config, "populate_by_name": True})

    parameter: str
    to: Any
    at: int | None = Field(None, ge=1)
    begin: int | None = Field(None, ge=1, alias="from")
    until: int | None = Field(None, ge=2)

    @model_validator(mode="after")
    def _is_step_or_ramp(self) -> Change:
        ramp = self.begin is not None or self.until is not None
        if (self.at is not None) == ramp:
            raise ValueError("give either 'at' (a step) or 'from' and 'until' (a ramp)")
        if ramp and (self.begin is None or self.until is None or self.begin >= self.until):
            raise ValueError("a ramp needs 'from' and a later 'until'")
        return self

    @property
    def first(self) -> int:
        """The last period before anything moves, or that of a step."""
        return self.begin if self.begin is not None else (self.at or 0)

    @property
    def last(self) -> int:
        """The period from which on the new value is in force."""
        return self.until if self.until is not None else (self.at or 0)

    def value(self, before: Any, period: int) -> Any:
        """The value in a period; ``before`` is that before the change."""
        if period >= self.last:
            return self.to
        if period <= self.first:
            return before
        share = (period - self.first) / (self.last - self.first)
        return before + (self.to - before) * share


def faults(program: Iterable[Change], institution: Institution) -> Iterable[tuple[int, str]]:
    """What is wrong with a program: (number of the table, what).

    Ranges of values are checked by who can name them (:mod:`model.scenario`).
    """
    seen: dict[str, int] = {}
    for number, change in enumerate(program):
        if change.parameter not in Institution.model_fields:
            continue
        before = getattr(institution, change.parameter)
        whole = isinstance(before, int | IntEnum | str) and not isinstance(before, float)
        if whole and change.begin is not None:
            yield number, f"{change.parameter} cannot move evenly: give steps ('at')"
        ended = seen.get(change.parameter, 0)
        if change.first < ended or change.at == ended:
            yield number, f"{change.parameter}: begins before the change above it has ended"
        seen[change.parameter] = change.last


def in_force(institution: Institution, program: Iterable[Change], period: int) -> dict[str, Any]:
    """The parameters that differ from the scenario's in a period, with their values.

    >>> ramp = Change(parameter="detection", to=0.5, begin=10, until=20)
    >>> round(in_force(Institution(detection=0.1), [ramp], 15)["detection"], 6)
    0.3
    """
    values: dict[str, Any] = {}
    for change in program:
        if period >= change.first:
            before = values.get(change.parameter, getattr(institution, change.parameter))
            values[change.parameter] = change.value(before, period)
    return values
