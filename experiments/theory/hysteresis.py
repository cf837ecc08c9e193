"""An institution that is made harsher and milder again: branches of the mean field, and its folds.

Where people conform strongly a society has two states at rest under one and the same rule. Followed
as a parameter moves, each ends in a fold, where it meets an unstable one; past it the society falls
to the other state and stays there when the parameter returns. (Far beyond the fold there is a third
state, in which all praise and which nothing here leaves again: a loop has to turn before that.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.theory.mean_field import MeanField, State
from model.errors import InputError
from model.scenario import Scenario

QUANTILES = (9, 5, 1, 3)
_PRECISION = 1e-3
_JUMP = 0.2
"""A change of the share of dissent between neighbouring values that is a fall, not a slope."""


class Branch(NamedTuple):
    """States at rest as a parameter moves, each begun from the one before."""

    values: NDArray[np.float64]
    dissent: NDArray[np.float64]
    states: list[State]

    def falls(self) -> list[int]:
        """After which places the branch is left for another one."""
        return np.flatnonzero(np.abs(np.diff(self.dissent)) > _JUMP).tolist()


def field_at(scenario: Scenario, name: str, value: float) -> MeanField:
    """The mean field with one parameter set."""
    return MeanField(scenario.replace(**{name: float(value)}), quantiles=QUANTILES)


def branch(
    scenario: Scenario, name: str, values: NDArray[np.float64], first: State | None = None
) -> Branch:
    """Follow a state as a parameter goes through ``values``.

    Args:
        scenario: the rest of the rule.
        name: the parameter.
        values: in the order in which they are gone through.
        first: where to begin; all silent by default.
    """
    state, dissent, states = first, [], []
    for value in values:
        field = field_at(scenario, name, value)
        state = field.rest(state)
        states.append(state)
        dissent.append(float(field.shares(state)[0]))
    return Branch(np.asarray(values, float), np.array(dissent), states)


def fold(scenario: Scenario, name: str, along: Branch, fall: int) -> float:
    """Where exactly a branch ends between two of its values, by bisection on whether it is kept."""
    kept, lost = float(along.values[fall]), float(along.values[fall + 1])
    state, before = along.states[fall], along.dissent[fall]
    after = along.dissent[fall + 1]
    while abs(lost - kept) > _PRECISION:
        middle = (kept + lost) / 2.0
        field = field_at(scenario, name, middle)
        there = field.rest(state)
        now = float(field.shares(there)[0])
        if abs(now - before) < abs(now - after):
            kept, state, before = middle, there, now
        else:
            lost = middle
    return kept


class Loop(NamedTuple):
    """Both branches over a range, with their folds."""

    down: Branch
    """From the highest value to the lowest."""
    up: Branch
    up_fold: float
    """Where the branch followed upwards ends."""
    down_fold: float
    unstable: list[tuple[float, float]]
    """(value, dissent) of the states between the branches, found by Newton's method."""


def loop(scenario: Scenario, name: str, low: float, high: float, steps: int = 41) -> Loop:
    """Follow what silence at ``low`` leads to up to ``high``, and what is there down again.

    Raises:
        InputError: if there is no loop in this range.
    """
    values = np.linspace(low, high, steps)
    up = branch(scenario, name, values)
    down = branch(scenario, name, values[::-1], up.states[-1])
    if len(down.falls()) != 1 or len(up.falls()) != 1:
        raise InputError(f"no loop of {name} between {low:g} and {high:g}")
    up_fold = fold(scenario, name, up, up.falls()[0])
    down_fold = fold(scenario, name, down, down.falls()[0])
    between = []
    for k in range(len(values)):
        if not down_fold < values[k] < up_fold:
            continue
        one, other = up.states[k].flat(), down.states[steps - 1 - k].flat()
        found = _between(field_at(scenario, name, values[k]), one, other)
        if found is not None:
            between.append((float(values[k]), found))
    return Loop(down, up, up_fold, down_fold, between)


def _between(
    field: MeanField, one: NDArray[np.float64], other: NDArray[np.float64]
) -> float | None:
    """Dissent in the unstable state between two stable ones, if Newton's method finds it."""
    from experiments.theory.mean_field import state_from

    ends = sorted(float(field.shares(state_from(end))[0]) for end in (one, other))
    for share in (0.5, 0.35, 0.65, 0.2, 0.8):
        try:
            found = field.fixed_point(state_from(one + share * (other - one)))
        except InputError:
            continue
        dissent = float(field.shares(found)[0])
        if ends[0] + 0.02 < dissent < ends[1] - 0.02 and field.radius(found) > 1.0:
            return dissent
    return None


def there_and_back(
    scenario: Scenario, name: str, low: float, high: float, rest: int, periods: int
) -> tuple[Scenario, NDArray[np.float64]]:
    """A scenario that begins at ``low``, goes up to ``high`` and down again; and its values.

    Args:
        scenario: the rest of the rule.
        name: the parameter.
        low: the end at which it begins and ends.
        high: the end at which it turns.
        rest: periods at the beginning in which nothing moves.
        periods: of each way.
    """
    program = [
        {"parameter": name, "from": rest, "until": rest + periods, "to": high},
        {"parameter": name, "from": rest + periods, "until": rest + 2 * periods, "to": low},
    ]
    ramped = scenario.replace(**{name: low}, program=program)
    values = [float(getattr(ramped.institution_in(t), name))
              for t in range(1, rest + 2 * periods + 1)]  # fmt: skip
    return ramped, np.array(values)
