"""Hobbies and shopping: what one buys adapts to what it brings in score (M8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule
from model.rules.records import CitizenState
from model.rules.scoring import lifestyle_points
from model.rules.worth import weight_of_score, worth_of_change

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def best_lifestyle(
    taste: float, citizen: CitizenState, institution: Institution, citizens: Citizens
) -> float:
    """``ℓ* = taste + f·κλ·[W(S + h·points(+1)) − W(S + h·points(−1))]/2``, within [−1, 1].

    The best answer to a quadratic cost of leaving one's taste, ``(ℓ − taste)²/(2f)``, if the score
    is worth as much a unit of ℓ as it is on average from one end to the other.
    """
    up = worth_of_change(lifestyle_points(1.0, institution), citizen, institution, citizens)
    down = worth_of_change(lifestyle_points(-1.0, institution), citizen, institution, citizens)
    gain = weight_of_score(citizen, citizens) * (up - down) / 2.0
    return min(max(taste + citizens.flexibility * gain, -1.0), 1.0)


@rule
def next_lifestyle(
    taste: float, citizen: CitizenState, institution: Institution, citizens: Citizens
) -> float:
    """``ℓ' = ℓ + f_t·(ℓ* − ℓ)``: habits adapt, and return to taste when nothing is scored."""
    best = best_lifestyle(taste, citizen, institution, citizens)
    return citizen.lifestyle + citizens.adaptation * (best - citizen.lifestyle)
