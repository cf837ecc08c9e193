"""The old way, for comparison: arrests, a hammer from without (M11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def is_arrested(gravity: float, institution: Institution, u: float) -> bool:
    """Whether who was recorded is arrested: ``g > 0 and u < p_a``."""
    return gravity > 0.0 and u < institution.arrest


@rule
def periods_left(left: float, again: bool, length: float) -> float:
    """Periods that a measure still lasts: its whole length if imposed (again), else one less."""
    return length if again else max(left - 1.0, 0.0)


@rule
def dread(institution: Institution, citizens: Citizens) -> float:
    """What an arrest threatens with, by the chance that a record brings one: ``p_a · d · v_d``."""
    return institution.arrest * institution.detention * citizens.detention_cost


@rule
def tie_survives(tie_loss: float, u: float) -> bool:
    """Whether a friendship outlives the arrest of either: ``u ≥ p_l`` (Clear 2007)."""
    return u >= tie_loss
