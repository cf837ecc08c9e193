"""One look at all friends, and at the two kinds of people whom a citizen may decide upon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from model.chance import Purpose, below, draws
from model.rules.marker import rule
from model.rules.records import CitizenState, Glance
from model.rules.worth import ScoringRule, points_through
from model.state import (
    GRID,
    Present,
    double,
    person,
)
from model.ties import TieArrays, are_friends

if TYPE_CHECKING:
    from model.parameters import Institution

_FIELD = (1 << 21) - 1
_SPREAD = 1 | 1 << 20 | 1 << 40  # times bits 0, 1, 2 puts them at 0, 21 and 42 (and elsewhere)
_COUNTERS = 1 | 1 << 21 | 1 << 42

_FIRST_HOP = int(Purpose.first_hop)


@rule
def look(i, ties: TieArrays, present: Present, institution: Institution) -> Glance:
    """What citizen ``i`` sees of all friends in the public record."""
    start = int(ties.start[i])
    friends = int(ties.degree[i])
    if friends == 0:
        return Glance(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, double(present.score[i, 0]))
    # The loop that all time goes into. Expressions lie on a grid and so add up as whole numbers;
    # a multiplication spreads a word's three bits over three counters of 21 bits, added at once;
    # unsigned indices spare Numba's test for negative ones.
    score = 0.0
    expression = 0
    counters = 0
    for slot in range(np.uint64(start), np.uint64(start + friends)):
        j = np.uint32(ties.friend[slot])
        word: Any = np.int64(present.word[j, 1])
        score += double(present.score[j, 0])
        expression += word >> 8
        counters += ((word & 7) * _SPREAD) & _COUNTERS
    flagged = counters & _FIELD
    news = (counters >> 21) & _FIELD
    dissenting = counters >> 42
    worst_gravity = 0.0
    if flagged > 0:
        worst_gravity = institution.news_gravity if news > 0 else 1.0
    gravity = (flagged - news) + institution.news_gravity * news
    return Glance(
        float(friends),
        expression / (GRID * friends),
        dissenting / friends,
        flagged / friends,
        gravity / friends,
        worst_gravity,
        score / friends,
    )


@rule
def costliest_friend(
    i,
    ties: TieArrays,
    present: Present,
    citizen: CitizenState,
    institution: Institution,
    scoring: ScoringRule,
    u,
):
    """The friend through whom citizen ``i`` loses most points, or −1 if none costs anything.

    Of equally costly ones the first after a drawn slot, so that no number is at a disadvantage.
    """
    start = int(ties.start[i])
    friends = int(ties.degree[i])
    offset = below(u, friends)
    costliest = -1
    most = 0.0
    for k in range(friends):
        place = offset + k
        if place >= friends:
            place -= friends
        j = int(ties.friend[start + place])
        other = person(j, present, institution)
        points = points_through(other, float(friends), citizen, institution, scoring)
        if points > most:
            most = points
            costliest = j
    return costliest


@rule
def find_stranger(i, ties: TieArrays, key, period, among_friends_of_friends):
    """Somebody whom citizen ``i`` comes across and doesn't know yet, or −1 if luck has it so.

    A friend's friend (triadic closure), else anybody at all.
    """
    u_first, u_second, u_anyone, _ = draws(key, _FIRST_HOP, period, i, 0)
    friends = int(ties.degree[i])
    if among_friends_of_friends and friends > 0:
        via = int(ties.friend[int(ties.start[i]) + below(u_first, friends)])
        j = int(ties.friend[int(ties.start[via]) + below(u_second, int(ties.degree[via]))])
    else:
        j = below(u_anyone, len(ties.degree))
    if j == i or are_friends(ties, i, j):
        return -1
    return j
