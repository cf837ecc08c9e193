"""Whom each citizen follows (M14): directed, in rows of equal length, cut by one end alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.chance import Purpose, below, draws
from model.compilation import compiled
from model.life import LISTED
from model.rules.blocklist import chance_to_unfollow
from model.rules.marker import rule
from model.rules.records import CitizenState
from model.state import NOBODY, Present, person
from model.ties import TieArrays

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution

_FOLLOWED = int(Purpose.followed)
_GUILT = int(Purpose.guilt)


@compiled
def fill_follows(ties, each, key):
    """Let everybody follow up to ``each`` people: friends of people drawn at random.

    A friend of anybody's is a popular person rather than any (Feld 1991). Who is drawn twice, or is
    oneself, is not replaced, nor a friend of somebody who has none.
    """
    citizens = len(ties.degree)
    for i in range(citizens):
        begin = i * each
        count = 0
        for k in range(each):
            u_whom, u_end, _, _ = draws(key, _FOLLOWED, 0, i, k)
            via = below(u_whom, citizens)
            if ties.degree[via] == 0:
                continue
            j = int(ties.friend[int(ties.start[via]) + below(u_end, int(ties.degree[via]))])
            known = j == i
            for place in range(count):
                known = known or int(ties.followed[begin + place]) == j
            if not known:
                ties.followed[begin + count] = j
                count += 1
        ties.following[i] = count


@rule
def share_listed(i, ties: TieArrays, present: Present):
    """Share of those whom citizen ``i`` follows who are barred for their own words.

    0 for who follows nobody. Guilt goes one step: who is barred for following doesn't pass it on.
    """
    following = len(ties.following)
    if following == 0 or int(ties.following[i]) == 0:
        return 0.0
    begin = i * (len(ties.followed) // following)
    listed = 0
    for place in range(begin, begin + int(ties.following[i])):
        if int(present.life.marks[int(ties.followed[place])]) & LISTED:
            listed += 1
    return listed / int(ties.following[i])


@rule
def whom_to_unfollow(
    i,
    citizen: CitizenState,
    ties: TieArrays,
    present: Present,
    institution: Institution,
    citizens: Citizens,
    key,
    period,
):
    """The slot of a listed speaker whom citizen ``i`` stops following, or −1.

    The first listed one after a drawn place is reviewed, with the chance of any review.
    """
    if len(ties.following) == 0:
        return NOBODY
    following = int(ties.following[i])
    _, u_review, u_first, u_cut = draws(key, _GUILT, period, i, 0)
    if following == 0 or u_review >= citizens.review:
        return NOBODY
    begin = i * (len(ties.followed) // len(ties.following))
    offset = below(u_first, following)
    for k in range(following):
        place = offset + k
        if place >= following:
            place -= following
        j = int(ties.followed[begin + place])
        if int(present.life.marks[j]) & LISTED:
            other = person(j, present, institution)
            chance = chance_to_unfollow(other, float(following), citizen, institution, citizens)
            return begin + place if u_cut < chance else NOBODY
    return NOBODY


@rule
def unfollow(i, slot, ties: TieArrays):
    """Empty a slot of citizen ``i``'s row; the last one takes its place."""
    begin = i * (len(ties.followed) // len(ties.following))
    last = begin + int(ties.following[i]) - 1
    ties.followed[slot] = ties.followed[last]
    ties.followed[last] = NOBODY
    ties.following[i] -= 1
