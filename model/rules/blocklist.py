"""Block lists: guilt by whom one follows (M14). A list bars speakers, as in M15."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.exponential import logit
from model.rules.friendship import worth_of
from model.rules.marker import rule
from model.rules.records import CitizenState, Person
from model.rules.worth import weight_of_score

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution


@rule
def is_guilty_by_following(share_listed: float, institution: Institution, u: float) -> bool:
    """Whether one is barred for whom one follows: ``u < g_f · share of those who are listed``.

    Listed is who is barred for own words: guilt goes one step and is no contagion.
    """
    return u < institution.guilt_by_following * share_listed


@rule
def worth_of_audience(institution: Institution, citizens: Citizens) -> float:
    """What being barred costs: ``v_a·(1 − q)``, the audience lost (M15)."""
    return citizens.audience_value * (1.0 - institution.reach)


@rule
def chance_to_unfollow(
    other: Person,
    following: float,
    citizen: CitizenState,
    institution: Institution,
    citizens: Citizens,
) -> float:
    """Chance that a reviewed listed speaker is no longer followed: logit of cost − worth.

    The cost is ``κλ·h·(g_f/m)·v_a·(1 − q)``, what this one of m followed adds to the chance of
    being barred oneself, at own foresight; the worth is that of a friend who says what this one
    says. Nobody else has to agree: following has one end.
    """
    risk = institution.guilt_by_following / following
    cost = (
        weight_of_score(citizen, citizens)
        * citizens.foresight
        * risk
        * worth_of_audience(institution, citizens)
    )
    if cost <= 0.0:
        return 0.0
    return logit(cost - worth_of(other, citizen, citizens), citizens.rationality)
