"""The two compiled passes that most measures come from: over citizens, and over ties.

Both are serial, so that sums never depend on a number of threads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.compilation import compiled
from model.life import (
    ACCUSED,
    BARRED,
    DETAINED,
    ENROLLED,
    FLAUNTING,
    OFF_GRID,
    PRESSING,
    RESISTING,
)
from model.record import expression_of, is_flagged, score_of
from model.rules.whitelist import is_listed
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
    innocents_flagged: float
    """Silent citizens who are recorded."""
    expression: float
    conviction: float
    score: float
    travel: float
    """Citizens at or above the travel threshold."""
    visa: float
    degree: float
    degree_dissenters: float
    isolates: float
    carriers: float
    """Citizens who carry a score: ``score``, ``travel`` and ``visa`` are theirs."""


class Census(NamedTuple):
    """Sums over citizens where mechanisms beyond the score are in force."""

    enrolled: float = 0.0
    enrolled_critics: float = 0.0
    flaunting: float = 0.0
    off_grid: float = 0.0
    detained: float = 0.0
    barred: float = 0.0
    listed: float = 0.0
    pressing: float = 0.0
    critics_pressing: float = 0.0
    resisting: float = 0.0
    accused: float = 0.0
    """Citizens who were ever recorded though silent."""
    accused_dissenting: float = 0.0
    belief: float = 0.0
    lifestyle: float = 0.0
    adapted: float = 0.0
    """Sum of the distances between lifestyle and taste."""
    wealth: float = 0.0
    wealth_enrolled: float = 0.0


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


@compiled
def tally(now, degree, travel_threshold, visa_threshold):
    """The fields of :class:`Tally`, in order."""
    # numbers of their own rather than an array's stay in registers: 8 µs for 1,000 citizens, not 12
    dissenters = praisers = critics = critics_dissenting = critics_praising = 0
    flagged = innocents_flagged = carriers = travel = visa = isolates = 0
    ends = ends_of_dissenters = 0
    expression = convictions = scores = 0.0
    all_carry = len(now.life.marks) == 0
    for i in range(len(degree)):
        record = int(now.record[i])
        said = expression_of(record)
        conviction = double(now.conviction[i])
        score = score_of(record)
        friends = int(degree[i])
        critic = conviction > 0.0
        dissents, praises = said > 0.0, said < 0.0
        carries = all_carry or now.life.marks[i] & ENROLLED != 0
        dissenters += dissents
        praisers += praises
        critics += critic
        critics_dissenting += critic & dissents
        critics_praising += critic & praises
        flagged += is_flagged(record)
        innocents_flagged += is_flagged(record) & (said == 0.0)
        expression += said
        convictions += conviction
        scores += score if carries else 0.0
        carriers += carries
        travel += carries & (score >= travel_threshold)
        visa += carries & (score >= visa_threshold)
        ends += friends
        ends_of_dissenters += friends if dissents else 0
        isolates += friends == 0
    return np.array([
        dissenters, praisers, critics, critics_dissenting, critics_praising, flagged,
        innocents_flagged, expression, convictions, scores, travel, visa, ends, ends_of_dissenters,
        isolates, carriers,
    ], np.float64)  # fmt: skip


@compiled
def census(now, traits, whitelist_after, shared_belief):
    """The fields of :class:`Census`, in order."""
    sums = np.zeros(17)
    for i in range(len(now.life.marks)):
        marks = now.life.marks[i]
        critic = now.conviction[i] > 0.0
        dissents = expression_of(int(now.record[i])) > 0.0
        wealth = double(now.life.wealth[i])
        belief = double(now.life.belief[i])
        lifestyle = double(now.life.lifestyle[i])
        enrolled = marks & ENROLLED != 0
        presses = marks & PRESSING != 0
        accused = marks & ACCUSED != 0
        sums[0] += enrolled
        sums[1] += enrolled and critic
        sums[2] += marks & FLAUNTING != 0
        sums[3] += marks & OFF_GRID != 0
        sums[4] += marks & DETAINED != 0
        sums[5] += marks & BARRED != 0
        sums[6] += enrolled and is_listed(now.life.clean[i], whitelist_after)
        sums[7] += presses
        sums[8] += presses and critic
        sums[9] += marks & RESISTING != 0
        sums[10] += accused
        sums[11] += accused and dissents
        sums[12] += belief if belief >= 0.0 else shared_belief
        sums[13] += lifestyle
        sums[14] += abs(lifestyle - double(traits.taste[i]))
        sums[15] += wealth
        sums[16] += wealth if enrolled else 0.0
    return sums


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
