"""Hobbies and shopping: what one buys adapts to what it brings in score (M8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.marker import rule
from model.rules.records import CitizenState, blameless_glance, with_lifestyle
from model.rules.worth import ScoringRule, weight_of_score, worth_of_change

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def points_for(
    lifestyle: float,
    citizen: CitizenState,
    friends: float,
    institution: Institution,
    scoring: ScoringRule,
) -> float:
    """Points that the rule in force gives in a period for a lifestyle rather than for none.

    Under the table of weights :func:`model.rules.scoring.lifestyle_points`.
    """
    glance = blameless_glance(citizen, friends)
    bought = scoring(with_lifestyle(citizen, lifestyle), glance, institution)
    return bought - scoring(with_lifestyle(citizen, 0.0), glance, institution)


@rule
def best_lifestyle(
    taste: float,
    citizen: CitizenState,
    friends: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> float:
    """``ℓ* = taste + f·κλ·[W(S + h·points(+1)) − W(S + h·points(−1))]/2``, within [−1, 1].

    The best answer to a quadratic cost of leaving one's taste, ``(ℓ − taste)²/(2f)``, if the score
    is worth as much a unit of ℓ as it is on average from one end to the other.
    """
    up = points_for(1.0, citizen, friends, institution, scoring)
    down = points_for(-1.0, citizen, friends, institution, scoring)
    worth_up = worth_of_change(up, citizen, institution, citizens)
    worth_down = worth_of_change(down, citizen, institution, citizens)
    gain = weight_of_score(citizen, citizens) * (worth_up - worth_down) / 2.0
    return min(max(taste + citizens.flexibility * gain, -1.0), 1.0)


@rule
def next_lifestyle(
    taste: float,
    citizen: CitizenState,
    friends: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> float:
    """``ℓ' = ℓ + f_t·(ℓ* − ℓ)``: habits adapt, and return to taste when nothing is scored."""
    best = best_lifestyle(taste, citizen, friends, institution, citizens, scoring)
    return citizen.lifestyle + citizens.adaptation * (best - citizen.lifestyle)
