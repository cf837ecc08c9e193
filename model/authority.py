"""An institution that adapts: it moves some of its parameters toward a goal, period by period.

Hill climbing is that of Daymude, Axelrod & Forrest (2025): in each period one parameter, drawn, is
moved by a random step; if the period cost more than the one before (dissent, watching, punishing)
the parameter moves back, and the rejected cost stays what the next one is compared with.
Proportional control moves every adapted parameter by ``gain`` times how far dissent exceeds the
goal, in the direction that is harsher.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.chance import Purpose, below, draws
from model.choices import Adaptation
from model.compilation import compiled
from model.life import DETAINED
from model.parameters import ADAPTABLE, SCORE_CEILING, SCORE_FLOOR, Institution
from model.record import expression_of, is_flagged
from model.rules.cost import upkeep
from model.rules.strategy import punishment
from model.state import BLOCK

if TYPE_CHECKING:
    from model.parameters import Authority


class Account(NamedTuple):
    """A period as the authority sees it; means over citizens."""

    dissent: float
    """Mean strength of dissent, max(x, 0)."""
    punished: float
    detained: float


@compiled
def take_account(now, institution):
    """The fields of :class:`Account`, as sums over citizens: of a block, then of all blocks."""
    sums = np.zeros(3)
    citizens = len(now.record)
    for at in range(0, citizens, BLOCK):
        dissent, punished = 0.0, 0.0
        for i in range(at, min(at + BLOCK, citizens)):
            record = int(now.record[i])
            act = max(expression_of(record), 0.0)
            dissent += act
            punished += punishment(act, is_flagged(record), institution)
        sums[0] += dissent
        sums[1] += punished
    for i in range(len(now.life.marks)):
        sums[2] += now.life.marks[i] & DETAINED != 0
    return sums


def account_of(now: Any, institution: Any) -> Account:
    """A period's account."""
    return Account(*(take_account(now, institution) / len(now.record)).tolist())


def scale_of(name: str) -> float:
    """What a step is measured in: the score range for points, 1 for anything else."""
    extra: Any = Institution.model_fields[name].json_schema_extra
    return SCORE_CEILING - SCORE_FLOOR if extra["unit"] == "points" else 1.0


def limits_of(name: str) -> tuple[float, float]:
    """The declared range of a parameter."""
    low, high = -math.inf, math.inf
    for limit in Institution.model_fields[name].metadata:
        low = getattr(limit, "ge", low)
        high = getattr(limit, "le", high)
    return float(low), float(high)


class AdaptiveAuthority:
    """The state of an authority that adapts: its parameters' values, and the last cost.

    Args:
        rules: the ``authority`` table of the scenario.
        institution: the institution that it begins with.
        key: the key of the scenario's seed.
    """

    def __init__(self, rules: Authority, institution: Institution, key: tuple[int, int]) -> None:
        self.rules = rules
        self.key = key
        self.values = {name: float(getattr(institution, name)) for name in rules.adapts}
        self.last_cost = math.inf
        self.accounts: list[Account] = []
        """Of every period so far."""

    def trial(self, period: int) -> dict[str, float]:
        """The values in force in a period (numbered from 0): by hill climbing one is moved."""
        if self.rules.adaptation_rule is not Adaptation.hill_climbing:
            return dict(self.values)
        u_which, u_step, _, _ = draws(self.key, int(Purpose.authority), period, 0, 0)
        name = self.rules.adapts[below(u_which, len(self.rules.adapts))]
        reach = self.rules.step * scale_of(name)
        low, high = limits_of(name)
        low, high = max(low, self.values[name] - reach), min(high, self.values[name] + reach)
        return {**self.values, name: low + u_step * (high - low)}

    def learn(self, period: int, account: Account, institution: Any) -> None:
        """What came of the period's trial decides the values that stay."""
        self.accounts.append(account)
        cost = self.rules.dissent_cost * account.dissent + upkeep(
            account.punished, account.detained, institution
        )
        if self.rules.adaptation_rule is Adaptation.hill_climbing:
            if cost <= self.last_cost:
                self.values = self.trial(period)
        else:
            for name, value in self.values.items():
                low, high = limits_of(name)
                push = ADAPTABLE[name] * self.rules.gain * (account.dissent - self.rules.goal)
                self.values[name] = min(max(value + push * scale_of(name), low), high)
        self.last_cost = cost

    def put_back(self, state: NDArray[np.float64], accounts: NDArray[np.float64]) -> None:
        """Be as when :meth:`state` and ``accounts`` were written down."""
        *values, self.last_cost = state.tolist()
        self.values = dict(zip(self.values, values, strict=True))
        self.accounts = [Account(*row) for row in accounts.tolist()]

    def state(self) -> NDArray[np.float64]:
        """All that its future depends on, for fingerprints."""
        return np.array([*self.values.values(), self.last_cost])
