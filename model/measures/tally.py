"""The two compiled passes that most measures come from: over citizens, and over ties.

Both are serial, so that sums never depend on a number of threads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.compilation import compiled
from model.record import expression_of, is_flagged, score_of
from model.state import double


class Tally(NamedTuple):
    """Sums over citizens."""

    dissenters: float
    praisers: float
    critics: float
    """Citizens with conviction above 0."""
    critics_dissenting: float
    critics_praising: float
    flagged: float
    expression: float
    conviction: float
    score: float
    travel: float
    """Citizens at or above the travel threshold."""
    visa: float
    degree: float
    degree_dissenters: float
    isolates: float


class Survey(NamedTuple):
    """Sums over ties, each counted once from either end, and over perceptions."""

    misperception: float
    """Sum of |society's mean expression − friends' mean expression| over those with friends."""
    with_friends: float
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


@compiled
def tally(now, degree, travel_threshold, visa_threshold):
    """The fields of :class:`Tally`, in order."""
    sums = np.zeros(14)
    for i in range(len(degree)):
        record = int(now.record[i])
        said = expression_of(record)
        conviction = double(now.conviction[i])
        score = score_of(record)
        friends = degree[i]
        critic = conviction > 0.0
        sums[0] += said > 0.0
        sums[1] += said < 0.0
        sums[2] += critic
        sums[3] += critic and said > 0.0
        sums[4] += critic and said < 0.0
        sums[5] += is_flagged(record)
        sums[6] += said
        sums[7] += conviction
        sums[8] += score
        sums[9] += score >= travel_threshold
        sums[10] += score >= visa_threshold
        sums[11] += friends
        sums[12] += friends if said > 0.0 else 0
        sums[13] += friends == 0
    return sums


@compiled
def survey(now, ties, mean_expression):
    """The fields of :class:`Survey`, in order."""
    sums = np.zeros(10)
    for i in range(len(ties.degree)):
        friends = int(ties.degree[i])
        if friends == 0:
            continue
        own_score = score_of(int(now.record[i])) - 650.0
        own = double(now.conviction[i])
        heard = 0.0
        scores = 0.0
        convictions = 0.0
        across = 0
        for slot in range(ties.start[i], ties.start[i] + friends):
            j = ties.friend[slot]
            record = int(now.record[j])
            heard += expression_of(record)
            scores += score_of(record) - 650.0
            other = double(now.conviction[j])
            convictions += other
            across += (own > 0.0) != (other > 0.0)
        sums[0] += abs(mean_expression - heard / friends)
        sums[1] += 1
        sums[2] += own_score * scores
        sums[3] += friends * own_score * own_score
        sums[4] += friends * own_score
        sums[5] += own * convictions
        sums[6] += friends * own * own
        sums[7] += friends * own
        sums[8] += across
        sums[9] += friends
    return sums


@compiled
def local_clustering(ties):
    """Mean over citizens of the share of pairs of friends who are friends (0 below two friends)."""
    citizens = len(ties.degree)
    marked_by = np.full(citizens, -1, np.int64)
    total = 0.0
    for i in range(citizens):
        degree = int(ties.degree[i])
        if degree < 2:
            continue
        start = ties.start[i]
        for slot in range(start, start + degree):
            marked_by[ties.friend[slot]] = i
        closed = 0
        for slot in range(start, start + degree):
            j = ties.friend[slot]
            for further in range(ties.start[j], ties.start[j] + ties.degree[j]):
                closed += marked_by[ties.friend[further]] == i
        total += closed / (degree * (degree - 1))
    return total / citizens
