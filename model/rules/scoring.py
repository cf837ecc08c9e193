"""How the institution turns a period into a score: M1, M4, M5, M6, M8.

A scoring rule is a function ``rule(citizen, glance, institution) -> new score``, called after the
citizen has spoken and the institution has or hasn't recorded it. The engine clamps the result to
[350, 950]. :func:`weighted_table` is the rule of every bundled scenario; a researcher's own rule
has the same form and is handed to ``World(scoring=...)`` or ``Society(scoring=...)``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from model.parameters import SCORE_CEILING, SCORE_FLOOR
from model.rules.marker import rule
from model.rules.records import CitizenState, Glance

if TYPE_CHECKING:
    from model.parameters import Institution

_COUNT, _WORST = 1, 2  # AssociationRule; anything else is the mean


@rule
def clamp(score: float) -> float:
    """The score held within the scale [350, 950] (M1)."""
    return min(max(score, SCORE_FLOOR), SCORE_CEILING)


@rule
def given(score: float) -> float:
    """What a scoring rule returned, as a score; nan for what is no finite number, as 1/0 is."""
    return clamp(score) if abs(score) < math.inf else math.nan


@rule
def base_score(wealth: float, institution: Institution) -> float:
    """What ability to pay alone would give (M4): ``B = B₀ + (B₁ − B₀)·ω``."""
    return institution.base_low + (institution.base_high - institution.base_low) * wealth


@rule
def association_points(glance: Glance, institution: Institution) -> float:
    """Points lost in this period through friends' records (M6).

    ``P_a · ḡ`` (mean), ``P_a · n·ḡ`` (count) or ``P_a · max g`` (worst), where g is the gravity of
    a friend's record: 0, 1 for an opinion, ``news_gravity`` for forbidden news.
    """
    if institution.association_rule == _COUNT:
        burden = glance.mean_gravity * glance.friends
    elif institution.association_rule == _WORST:
        burden = glance.worst_gravity
    else:
        burden = glance.mean_gravity
    return institution.association_penalty * burden


@rule
def lifestyle_points(lifestyle: float, institution: Institution) -> float:
    """Points in a period for what one buys (M8): ``G₊·ℓ`` for ℓ > 0, ``G₋·ℓ`` for ℓ < 0."""
    if lifestyle > 0.0:
        return institution.approved_reward * lifestyle
    return institution.disapproved_penalty * lifestyle


@rule
def weighted_table(citizen: CitizenState, glance: Glance, institution: Institution) -> float:
    """The scenario's table of weights.

    ``S' = S + ρ(B − S) + a·(mean friend score − S) − association + lifestyle − P_d·g + R·[x < 0]``
    """
    # what doesn't depend on the citizen's own act comes first: the compiler computes it once for
    # all acts that are weighed
    change = institution.recovery * (citizen.base_score - citizen.score)
    change += institution.association_pull * (glance.mean_score - citizen.score)
    change -= association_points(glance, institution)
    if citizen.lifestyle != 0.0:
        change += lifestyle_points(citizen.lifestyle, institution)
    change -= institution.dissent_penalty * citizen.gravity
    if citizen.expression < 0.0:
        change += institution.praise_reward
    return citizen.score + change


@rule
def can_cost(gravity: float, institution: Institution) -> bool:
    """Whether under :func:`weighted_table` a friend with a record of such gravity can cost points.

    Others need not be looked into. Where friends' scores pull, anybody can.
    """
    return gravity > 0.0 or institution.association_pull > 0.0
