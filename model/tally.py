"""The compiled passes over citizens: what cheap measures and an engine's notes are made of.

They are serial, so that sums never depend on a number of threads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
from model.rules.marker import rule
from model.rules.whitelist import is_listed
from model.state import COUNTED, double


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


@rule
def add_up_citizens(now, degree, travel_threshold, visa_threshold, row):
    """Write the fields of :class:`Tally`, in order, into ``row``."""
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
    row[0], row[1], row[2], row[3] = dissenters, praisers, critics, critics_dissenting
    row[4], row[5], row[6], row[7] = critics_praising, flagged, innocents_flagged, expression
    row[8], row[9], row[10], row[11] = convictions, scores, travel, visa
    row[12], row[13], row[14], row[15] = ends, ends_of_dissenters, isolates, carriers


@compiled(allocates=False)
def tally(now, degree, travel_threshold, visa_threshold, row):
    """Compiled :func:`add_up_citizens`."""
    add_up_citizens(now, degree, travel_threshold, visa_threshold, row)


class Notes(NamedTuple):
    """What is noted of each of some periods, so that nobody has to look in between."""

    tallies: NDArray[np.float64]
    """(periods, 16) the fields of :class:`Tally` after each."""
    counts: NDArray[np.int64]
    """(periods, 6) a world's ``counts`` after each."""


def empty_notes(periods: int) -> Notes:
    """Room for so many periods; for none, nothing is noted."""
    return Notes(np.empty((periods, len(Tally._fields))), np.empty((periods, COUNTED), np.int64))


NO_NOTES = empty_notes(0)


@rule
def note(notes, k, now, degree, travel_threshold, visa_threshold, counts):
    """Note the ``k``-th period, if there is room for any."""
    if len(notes.tallies) > 0:
        row = notes.tallies[k]
        add_up_citizens(now, degree, travel_threshold, visa_threshold, row)
        for place in range(len(counts)):
            notes.counts[k, place] = counts[place]


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
