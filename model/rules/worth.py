"""What a score is worth to a citizen, and what an act or a friend therefore costs: M9, M16, M21.

Citizens value whatever scoring rule is in force: the functions here take it as an argument and ask
it 'what would become of my score if …', so a researcher's own rule changes behaviour as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from model.parameters import SCORE_CEILING, SCORE_FLOOR
from model.rules.marker import rule
from model.rules.records import (
    CitizenState,
    Glance,
    Person,
    acting,
    blameless_glance,
    glance_at_one,
)
from model.rules.scoring import clamp
from model.rules.surveillance import believed_detection, chance_of_record

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution

_PER_POINT = 1.0 / (SCORE_CEILING - SCORE_FLOOR)

ScoringRule = Callable[[CitizenState, Glance, "Institution"], float]


@rule
def worth(score: float, wealth: float, institution: Institution, citizens: Citizens) -> float:
    """The worth W of a score (M9), larger for the poorer (M21).

    ``W(S) = [m·(S − 350)/600 + v₁·[S ≥ T₁] + v₂·[S ≥ T₂]] · (1 + π·(1 − ω))``, S held within the
    scale: at its floor there is nothing left to lose.
    """
    held = clamp(score)
    value = citizens.material * (held - SCORE_FLOOR) * _PER_POINT
    if held >= institution.travel_threshold:
        value += citizens.travel_value
    if held >= institution.visa_threshold:
        value += citizens.visa_value
    return value * (1.0 + citizens.precarity * (1.0 - wealth))


@rule
def worth_of_change(
    points: float, citizen: CitizenState, institution: Institution, citizens: Citizens
) -> float:
    """What gaining ``points`` a period is worth at own foresight: ``W(S + h·Δ) − W(S)``."""
    ahead = worth(
        citizen.score + citizens.foresight * points, citizen.wealth, institution, citizens
    )
    return ahead - worth(citizen.score, citizen.wealth, institution, citizens)


@rule
def weight_of_score(citizen: CitizenState, citizens: Citizens) -> float:
    """Weight of a score's worth against all else: ``κ·λ·stake`` (M2, M10)."""
    return citizen.self_censorship * citizens.stakes * citizen.stake


@rule
def expected_score(
    expression: float,
    gravity: float,
    citizen: CitizenState,
    glance: Glance,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> float:
    """The next score that a citizen expects from saying ``expression``, by belief (M16).

    ``E[S'] = (1 − p̂)·rule(x, unrecorded) + p̂·rule(x, recorded)``, not held in [350, 950]: only
    :func:`worth` holds.
    """
    chance = chance_of_record(
        expression, believed_detection(citizen, citizens), citizens.believed_false_alarm
    )
    unrecorded = scoring(acting(citizen, expression, 0.0), glance, institution)
    if chance == 0.0:
        return unrecorded
    recorded = scoring(acting(citizen, expression, gravity), glance, institution)
    return unrecorded + chance * (recorded - unrecorded)


@rule
def points_through(
    other: Person,
    friends: float,
    citizen: CitizenState,
    institution: Institution,
    scoring: ScoringRule,
) -> float:
    """Points that one friend alone costs a citizen in a period (M6).

    Under the table of weights ``P_a·g/n`` (mean) or ``P_a·g`` (count, worst), plus
    ``a·(S − S_j)/n`` by the pull. In general the rule's score with ``friends`` blameless friends
    less its score when one of them is as ``other`` is. Each friend is judged alone: under the
    ``worst`` rule every recorded friend costs the full penalty, as each could cost it by himself.
    """
    quiet = acting(citizen, 0.0, 0.0)
    blameless = scoring(quiet, blameless_glance(citizen, friends), institution)
    burdened = scoring(quiet, glance_at_one(citizen, other, friends), institution)
    return blameless - burdened
