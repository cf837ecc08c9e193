"""Ending and making friendships: M6, M7.

Whether somebody's record counts here depends on who may see it (M7): with ``public`` scores
friends and strangers can be judged, with ``friends`` only friends, with ``private`` nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.rules.exponential import logit
from model.rules.marker import rule
from model.rules.records import CitizenState, Person
from model.rules.worth import ScoringRule, points_through, weight_of_score, worth_of_change

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution

_PUBLIC, _PRIVATE = 0, 2  # Visibility


@rule
def sees_friends(institution: Institution) -> bool:
    """Whether a citizen can look up a friend's record (M7)."""
    return institution.visibility != _PRIVATE


@rule
def sees_strangers(institution: Institution) -> bool:
    """Whether a citizen can look up a stranger's record (M7)."""
    return institution.visibility == _PUBLIC


@rule
def cost_of(
    points: float, citizen: CitizenState, institution: Institution, citizens: Citizens
) -> float:
    """What a friend who costs ``points`` a period costs: ``κλ·[W(S) − W(S − h·points)]``."""
    loss = -worth_of_change(-points, citizen, institution, citizens)
    return weight_of_score(citizen, citizens) * loss


@rule
def worth_of(other: Person, citizen: CitizenState, citizens: Citizens) -> float:
    """What a friend is worth: ``φ·(1 − γ·|c − x|/2)``.

    Less for one who says what one doesn't think (Lazarsfeld & Merton 1954).
    """
    disagreement = abs(citizen.conviction - other.expression)
    return citizens.friendship_value * (1.0 - citizen.conformity * disagreement / 2.0)


@rule
def chance_to_leave(cost: float, worth: float, rationality: float) -> float:
    """Chance that a reviewed friendship is ended: logit of cost − worth.

    Without burden nothing is cut: a friend who costs nothing is never left.
    """
    if cost <= 0.0:
        return 0.0
    return logit(cost - worth, rationality)


@rule
def chance_to_accept(cost: float, worth: float, rationality: float) -> float:
    """Chance that a new friendship is wanted: logit of worth − cost, the same weighing."""
    return logit(worth - cost, rationality)


@rule
def leaves(
    other: Person,
    friends: float,
    citizen: CitizenState,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
    u: float,
) -> bool:
    """Whether a citizen ends the reviewed friendship with ``other``."""
    points = points_through(other, friends, citizen, institution, scoring)
    cost = cost_of(points, citizen, institution, citizens)
    return u < chance_to_leave(cost, worth_of(other, citizen, citizens), citizens.rationality)


@rule
def accepts(
    other: Person,
    friends: float,
    citizen: CitizenState,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
    u: float,
) -> bool:
    """Whether a citizen with ``friends`` friends wants ``other`` as one more.

    Somebody whose record cannot be looked up is taken to cost nothing (M7).
    """
    cost = 0.0
    if sees_strangers(institution):
        points = points_through(other, friends + 1.0, citizen, institution, scoring)
        cost = cost_of(points, citizen, institution, citizens)
    return u < chance_to_accept(cost, worth_of(other, citizen, citizens), citizens.rationality)


@rule
def reviews(friends: float, institution: Institution, citizens: Citizens, u: float) -> bool:
    """Whether a citizen looks into the costliest friendship in this period (M7): ``u < r``, if
    there are friends and their records can be looked up. (The compiled engine asks only where
    some friend can cost points at all, which gives the same.)
    """
    return friends > 0.0 and u < citizens.review and sees_friends(institution)


@rule
def looks_for_friend(friends: float, citizens: Citizens, u: float) -> bool:
    """Whether a citizen who is short of friends looks for one: ``u < s``, below Dunbar's number
    (Dunbar 1992). It is asked only for who has fewer friends than at the start.
    """
    return friends < citizens.max_friends and u < citizens.sociability


@rule
def goes_by_friends(citizens: Citizens, u: float) -> bool:
    """Whether who looks for a friend looks among friends' friends: ``u < τ``, else among all.

    Triadic closure (Granovetter 1973; Kossinets & Watts 2006), asked only for who has friends.
    """
    return u < citizens.closure
