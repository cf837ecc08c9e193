"""Ability to pay follows from benefits held and lost: M13, M21."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule
from model.rules.scoring import base_score

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def benefits_held(score: float, institution: Institution) -> float:
    """Share of the two benefits that a score opens: 0, ½ or 1."""
    held = 0.0
    if score >= institution.travel_threshold:
        held += 0.5
    if score >= institution.visa_threshold:
        held += 0.5
    return held


@rule
def next_wealth(
    wealth: float, first: float, score: float, institution: Institution, citizens: Citizens
) -> float:
    """``ω' = ω + f_w·(ω₀ + ω_b·(b(S) − b(B(ω₀))) − ω)``, within [0, 1].

    ``b`` is the share of benefits held. Who loses the benefits that the first ability to pay would
    open grows poorer, and with it falls the base score: a trap (Barrett & Carter 2013).
    """
    due = benefits_held(base_score(first, institution), institution)
    gained = benefits_held(score, institution) - due
    target = first + citizens.wealth_at_stake * gained
    moved = wealth + citizens.wealth_feedback * (target - wealth)
    return min(max(moved, 0.0), 1.0)
