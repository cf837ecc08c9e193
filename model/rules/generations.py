"""The next generation is raised on it: M18."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule

if TYPE_CHECKING:
    from model.parameters import Citizens


@rule
def dies(citizens: Citizens, u: float) -> bool:
    """Whether a citizen's life ends with this period: ``u < m``, at any age the same."""
    return u < citizens.turnover


@rule
def passes_on(citizens: Citizens, u: float) -> bool:
    """Whether a friendship passes to the successor: ``u < i``; else it ends."""
    return u < citizens.inheritance


@rule
def first_conviction(inherited: float, climate: float, citizens: Citizens) -> float:
    """``c₀ = (1 − z)·c_f + z·x̄``: a founder's disposition, formed by what the young see.

    x̄ is what the circle says in public, not what it thinks (impressionable years: Krosnick & Alwin
    1989).
    """
    formed = 1.0 - citizens.socialisation
    return formed * inherited + citizens.socialisation * climate
