"""One look at all friends, and at the two kinds of people whom a citizen may decide upon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.chance import Purpose, below, draws
from model.life import DETAINED
from model.record import (
    EVERY_OTHER,
    EXPRESSION_STEPS,
    MOST_ADDED,
    SCORE_STEPS,
    take_apart,
)
from model.rules.marker import rule
from model.rules.records import CitizenState, Glance
from model.rules.scoring import can_cost
from model.rules.worth import ScoringRule, points_through
from model.state import Present, living_person, person
from model.ties import TieArrays, are_friends

if TYPE_CHECKING:
    from model.parameters import Institution

_FIRST_HOP = int(Purpose.first_hop)


class Sums(NamedTuple):
    """The public records of all friends, added up."""

    friends: float
    score: float
    """In steps of the record, as is the expression."""
    expression: float
    dissenting: float
    flagged: float
    news: float


def adding(ask: Any) -> Any:
    """The loop over friends' records that all time goes into.

    Args:
        ask: called as ``ask(slot, end, ties, present)`` before each friend's record is read, for
            an engine that asks memory for what will be read later.
    """

    @rule
    def add_records(begin, end, ties: TieArrays, present: Present):
        """The sums that :func:`model.record.take_apart` takes, if there are at most 255 slots."""
        # unsigned indices spare Numba's test for negative ones
        together, every_other = 0, 0
        for slot in range(np.uint64(begin), np.uint64(end)):
            ask(slot, end, ties, present)
            record = int(present.record[np.uint32(ties.friend[slot])])
            together += record
            every_other += record & EVERY_OTHER
        return together, every_other

    return add_records


@rule
def _ask_for_nothing(_slot, _end, _ties, _present):
    pass


add_records = adding(_ask_for_nothing)


@rule
def add_up(i, ties: TieArrays, present: Present) -> Sums:
    """The records of all friends of citizen ``i``, added up."""
    start = int(ties.start[i])
    end = start + int(ties.degree[i])
    score, expression, dissenting, flagged, news = 0.0, 0.0, 0.0, 0.0, 0.0
    for begin in range(start, end, MOST_ADDED):
        together, every_other = add_records(begin, min(begin + MOST_ADDED, end), ties, present)
        some = take_apart(together, every_other)
        score += some[0]
        expression += some[1]
        dissenting += some[2]
        flagged += some[3]
        news += some[4]
    return Sums(float(end - start), score, expression, dissenting, flagged, news)


@rule
def glance_from(sums: Sums, own_score: float, institution: Institution) -> Glance:
    """What a citizen sees of friends whose records add up to ``sums``."""
    if sums.friends == 0.0:
        return Glance(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, own_score)
    worst_gravity = 0.0
    if sums.flagged > 0.0:
        worst_gravity = institution.news_gravity if sums.news > 0.0 else 1.0
    gravity = (sums.flagged - sums.news) + institution.news_gravity * sums.news
    return Glance(
        sums.friends,
        sums.expression / (EXPRESSION_STEPS * sums.friends) - 1.0,
        sums.dissenting / sums.friends,
        sums.flagged / sums.friends,
        gravity / sums.friends,
        worst_gravity,
        sums.score / (SCORE_STEPS * sums.friends),
    )


@rule
def costliest_friend(
    i,
    ties: TieArrays,
    present: Present,
    citizen: CitizenState,
    institution: Institution,
    scoring: ScoringRule,
    own_rule,
    full,
    u,
):
    """The friend through whom citizen ``i`` loses most points, or −1 if none costs anything.

    With ``own_rule`` false, friends who cannot cost points under the table of weights are passed
    over, which changes nothing but the time it takes. ``full``: where mechanisms beyond the score
    are in force. Of equally costly friends the first after a drawn slot, so that no number is at a
    disadvantage.
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
        if full and int(present.life.marks[j]) & DETAINED:
            continue  # friendships with the detained freeze (M11)
        other = (
            living_person(j, citizen.score, present, institution)
            if full
            else person(j, present, institution)
        )
        if not (own_rule or can_cost(other.gravity, institution)):
            continue
        points = points_through(other, float(friends), citizen, institution, scoring)
        if points > most:
            most = points
            costliest = j
    return costliest


@rule
def friend_asked(i, ties: TieArrays, u):
    """The friend who introduces citizen ``i``, who has friends, to somebody."""
    return int(ties.friend[int(ties.start[i]) + below(u, int(ties.degree[i]))])


@rule
def slot_introduced(via, ties: TieArrays, u):
    """The slot of the friend of ``via`` to whom somebody is introduced."""
    return int(ties.start[via]) + below(u, int(ties.degree[via]))


@rule
def anybody(ties: TieArrays, u):
    """A citizen by chance."""
    return below(u, len(ties.degree))


@rule
def stranger_by(i, ties: TieArrays, among_friends_of_friends, u_first, u_second, u_anyone):
    """:func:`find_stranger` by draws made before."""
    if among_friends_of_friends and int(ties.degree[i]) > 0:
        j = int(ties.friend[slot_introduced(friend_asked(i, ties, u_first), ties, u_second)])
    else:
        j = anybody(ties, u_anyone)
    return j if j != i and not are_friends(ties, i, j) else -1


@rule
def find_stranger(i, ties: TieArrays, key, period, among_friends_of_friends):
    """Somebody whom citizen ``i`` comes across and doesn't know yet, or −1 if luck has it so.

    A friend's friend (triadic closure), else anybody at all.
    """
    u_first, u_second, u_anyone, _ = draws(key, _FIRST_HOP, period, i, 0)
    return stranger_by(i, ties, among_friends_of_friends, u_first, u_second, u_anyone)
