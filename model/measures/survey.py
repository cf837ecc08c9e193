"""The compiled passes over ties that dear measures come from.

They are serial, so that sums never depend on a number of threads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.compilation import compiled
from model.engine.prefetch import bring_near
from model.record import expression_of, score_of
from model.rules.marker import rule
from model.state import double


class Survey(NamedTuple):
    """Sums over ties, each counted once from either end, and over perceptions."""

    misperception: float
    """Sum of |society's mean expression − friends' mean expression| over those with friends."""
    with_friends: float
    exposure: float
    """Sum of the share of a citizen's friends who dissent over those with friends."""
    score_products: float
    score_squares: float
    """Sum of degree · S²: scores are taken less 650, to keep digits."""
    score_sums: float
    conviction_products: float
    conviction_squares: float
    conviction_sums: float
    across: float
    """Ties (from either end) between critics and others."""
    ends: float


_ROWS_AHEAD = 4  # citizens
_TABLE = 16_384  # a power of two


@compiled
def survey(now, ties, mean_expression):
    """The fields of :class:`Survey`, in order."""
    sums = np.zeros(11)
    for i in range(len(ties.degree)):
        friends = int(ties.degree[i])
        if friends == 0:
            continue
        own_score = score_of(int(now.record[i])) - 650.0
        own = double(now.conviction[i])
        heard = 0.0
        dissenting = 0
        scores = 0.0
        convictions = 0.0
        across = 0
        for slot in range(ties.start[i], ties.start[i] + friends):
            j = ties.friend[slot]
            record = int(now.record[j])
            heard += expression_of(record)
            dissenting += expression_of(record) > 0.0
            scores += score_of(record) - 650.0
            other = double(now.conviction[j])
            convictions += other
            across += (own > 0.0) != (other > 0.0)
        sums[0] += abs(mean_expression - heard / friends)
        sums[1] += 1
        sums[2] += dissenting / friends
        sums[3] += own_score * scores
        sums[4] += friends * own_score * own_score
        sums[5] += friends * own_score
        sums[6] += own * convictions
        sums[7] += friends * own * own
        sums[8] += friends * own
        sums[9] += across
        sums[10] += friends
    return sums


@rule
def _ask_for_rows_of_friends(i, ties):
    """Ask for the rows of friends of those who come next, and for their heads before."""
    citizens = len(ties.degree)
    soon = min(i + _ROWS_AHEAD, citizens - 1)
    for slot in range(ties.start[soon], ties.start[soon] + ties.degree[soon]):
        bring_near(ties.friend, ties.start[ties.friend[slot]])
    later = min(i + 2 * _ROWS_AHEAD, citizens - 1)
    for slot in range(ties.start[later], ties.start[later] + ties.degree[later]):
        bring_near(ties.start, ties.friend[slot])
        bring_near(ties.degree, ties.friend[slot])


@compiled
def local_clustering(ties):
    """Mean over citizens of the share of pairs of friends who are friends (0 below two friends)."""
    citizens = len(ties.degree)
    marked_by = np.full(citizens, -1, np.int32)
    # most of whom friends know are no friends: a table that stays in the caches says so at once
    maybe = np.zeros(_TABLE, np.uint8)
    total = 0.0
    for i in range(citizens):
        _ask_for_rows_of_friends(i, ties)
        degree = int(ties.degree[i])
        if degree < 2:
            continue
        start = ties.start[i]
        for slot in range(start, start + degree):
            j = ties.friend[slot]
            marked_by[j] = i
            maybe[j & (_TABLE - 1)] = 1
        closed = 0
        for slot in range(start, start + degree):
            j = ties.friend[slot]
            for further in range(ties.start[j], ties.start[j] + ties.degree[j]):
                other = ties.friend[further]
                if maybe[other & (_TABLE - 1)]:
                    closed += marked_by[other] == i
        for slot in range(start, start + degree):
            maybe[ties.friend[slot] & (_TABLE - 1)] = 0
        total += closed / (degree * (degree - 1))
    return total / citizens


@compiled
def people_in_largest_component(ties):
    """How many people are connected with one another at most.

    By union and find with halved paths (Tarjan & van Leeuwen 1984), on the rows as they lie: a
    library would have to be given a copy of all ties, for which a hundred million have no room.
    """
    citizens = len(ties.degree)
    over = np.empty(citizens, np.int32)  # who stands for whom; the lowest number for itself
    for i in range(citizens):
        over[i] = i
    for i in range(citizens):
        for slot in range(ties.start[i], ties.start[i] + ties.degree[i]):
            a, b = i, ties.friend[slot]
            while over[a] != a:
                over[a] = over[over[a]]
                a = over[a]
            while over[b] != b:
                over[b] = over[over[b]]
                b = over[b]
            over[max(a, b)] = min(a, b)
    people = np.zeros(citizens, np.int32)
    for i in range(citizens):
        over[i] = over[over[i]]  # whoever stands for i has a lower number and is done already
        people[over[i]] += 1
    return people.max() if citizens else 0
