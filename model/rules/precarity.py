"""Ability to pay follows from benefits held and lost: M13, M21."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule

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
def next_wealth(wealth: float, first: float, benefits: float, citizens: Citizens) -> float:
    """``ω' = ω + f_w·((1 − ω_b)·ω₀ + ω_b·b − ω)``, where b is the share of benefits held.

    What share ω_b of ability to pay hangs on doors that a score opens, who is shut out loses, and
    with it falls the base score: a trap for some, a ladder for others (Barrett & Carter 2013). Who
    carries no score holds no benefits.
    """
    target = (1.0 - citizens.wealth_at_stake) * first + citizens.wealth_at_stake * benefits
    return wealth + citizens.wealth_feedback * (target - wealth)
