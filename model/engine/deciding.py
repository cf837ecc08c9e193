"""The second half of a citizen's period: to decide about ties; for one citizen or a block.

Few citizens decide about ties in a period, some 4%, and what they look at lies anywhere in memory:
for each of them the processor would wait for a friend's row, then for a stranger's, and so on. In
``decide_block`` those of a block who decide are listed first; then most of what the next step of
each will read (of the columns that every society has) is asked for, and only then read. Both ways
call the same rules and give the same bits.
"""

from __future__ import annotations

from typing import Any

from model.chance import Purpose, draw, draws
from model.engine.prefetch import bring_near
from model.engine.scratch import at
from model.glance import anybody, costliest_friend, friend_asked, slot_introduced, stranger_by
from model.life import is_reachable
from model.rules.friendship import accepts, goes_by_friends, leaves, looks_for_friend
from model.rules.marker import rule
from model.state import (
    NOBODY,
    TO_JAIL,
    TO_LEAVE,
    TO_MEET,
    double,
    living_person,
    living_state_of,
    person,
    state_of,
)

_FIRST_REVIEWED = int(Purpose.first_reviewed)
_FIRST_HOP = int(Purpose.first_hop)
_ACCEPT = int(Purpose.accept)
# rows of the scratch's words: who decides, the friend who introduces or NOBODY, the stranger or
# NOBODY; and of its numbers: draws from here on
_WHO, _VIA, _MET = 0, 1, 2
_DRAWS = 0


@rule
def known_person(i, _own_score, present, institution):
    """What anybody may know of citizen ``i``."""
    return person(i, present, institution)


@rule
def list_deciders(words, begin, size, decisions):
    """List who of a block decides about ties; returns how many do."""
    count = 0
    for i in range(begin, begin + size):
        words[at(_WHO, count)] = i
        count += decisions.pending[i] != 0
    return count


@rule
def draw_for_ties(scratch, count, key, period):
    """Draw the chances of those who decide."""
    b, words = scratch.numbers, scratch.words
    for k in range(count):
        i = words[at(_WHO, k)]
        b[at(_DRAWS, k)], b[at(_DRAWS + 1, k)], b[at(_DRAWS + 2, k)], b[at(_DRAWS + 3, k)] = draws(
            key, _FIRST_REVIEWED, period, i, 0
        )
        b[at(_DRAWS + 4, k)], b[at(_DRAWS + 5, k)], b[at(_DRAWS + 6, k)], _ = draws(
            key, _FIRST_HOP, period, i, 0
        )


@rule
def ask_for_friends(scratch, count, now, ties, decisions, citizens):
    """Ask for the records of friends under review, and for the rows of friends who introduce.

    Whoever looks for a friend, and isn't introduced, meets anybody: he is listed at once.
    """
    b, words = scratch.numbers, scratch.words
    for k in range(count):
        i = words[at(_WHO, k)]
        pending = int(decisions.pending[i])
        degree = int(ties.degree[i])
        if pending & TO_LEAVE:
            start = int(ties.start[i])
            for slot in range(start, start + degree):
                bring_near(now.record, int(ties.friend[slot]))
        words[at(_VIA, k)] = words[at(_MET, k)] = NOBODY
        sociability, search = b[at(_DRAWS + 2, k)], b[at(_DRAWS + 3, k)]
        if pending & TO_MEET and looks_for_friend(double(degree), citizens, sociability):
            if goes_by_friends(citizens, search) and degree > 0:
                via = friend_asked(i, ties, b[at(_DRAWS + 4, k)])
                words[at(_VIA, k)] = via
                bring_near(ties.start, via)
                bring_near(ties.degree, via)
            else:
                words[at(_MET, k)] = anybody(ties, b[at(_DRAWS + 6, k)])


@rule
def ask_for_introductions(scratch, count, ties):
    """Ask for the friend's friend to whom each is introduced."""
    b, words = scratch.numbers, scratch.words
    for k in range(count):
        via = words[at(_VIA, k)]
        if via != NOBODY:
            bring_near(ties.friend, slot_introduced(via, ties, b[at(_DRAWS + 5, k)]))


@rule
def ask_for_strangers(scratch, count, traits, now, ties):
    """Ask for what is to be known of those whom citizens come across, and then for their rows."""
    b, words = scratch.numbers, scratch.words
    for k in range(count):
        via = words[at(_VIA, k)]
        if via != NOBODY:
            slot = slot_introduced(via, ties, b[at(_DRAWS + 5, k)])
            words[at(_MET, k)] = int(ties.friend[slot])
        j = words[at(_MET, k)]
        if j != NOBODY:
            bring_near(ties.degree, j)
            bring_near(ties.start, j)
            bring_near(now.record, j)
            bring_near(now.conviction, j)
            bring_near(traits.anchor, j)
            bring_near(traits.self_censorship, j)
            bring_near(traits.conformity, j)
            bring_near(traits.wealth, j)
    for k in range(count):
        j = words[at(_MET, k)]
        if j != NOBODY:
            bring_near(ties.friend, int(ties.start[j]))


def build_deciding(scoring: Any, own_rule: bool, full: bool) -> tuple[Any, Any]:
    """The second half of a period for a scoring rule: for one citizen, and for a block."""
    state = living_state_of if full else state_of
    who = living_person if full else known_person

    @rule
    def whom_to_leave(i, citizen, now, ties, institution, citizens, u_first, u_cut):
        whom = NOBODY
        j = costliest_friend(i, ties, now, citizen, institution, scoring, own_rule, full, u_first)
        if j >= 0:
            friends = double(ties.degree[i])
            friend = who(j, citizen.score, now, institution)
            if leaves(friend, friends, citizen, institution, citizens, scoring, u_cut):
                whom = j
        return whom

    @rule
    def whom_to_meet(
        i, citizen, traits, now, ties, institution, citizens, u_sociability, u_search, hops, key,
        period,
    ):  # fmt: skip
        whom = NOBODY
        friends = double(ties.degree[i])
        if looks_for_friend(friends, citizens, u_sociability):
            j = stranger_by(i, ties, goes_by_friends(citizens, u_search), hops[0], hops[1], hops[2])
            if j >= 0 and (not full or is_reachable(j, now.life)):
                stranger = who(j, citizen.score, now, institution)
                u_own = draw(key, _ACCEPT, period, i, j)
                other = state(j, traits, now, institution)
                me = who(i, other.score, now, institution)
                u_other = draw(key, _ACCEPT, period, j, i)
                theirs = double(ties.degree[j])
                if accepts(
                    stranger, friends, citizen, institution, citizens, scoring, u_own
                ) and accepts(me, theirs, other, institution, citizens, scoring, u_other):
                    whom = j
        return whom

    @rule
    def decide(
        i, citizen, traits, now, ties, decisions, institution, citizens, luck, hops, key, period
    ):
        u_first, u_cut, u_sociability, u_search = luck
        pending = int(decisions.pending[i])
        leave = meet = NOBODY
        if pending & TO_LEAVE:
            leave = whom_to_leave(i, citizen, now, ties, institution, citizens, u_first, u_cut)
        if pending & TO_MEET:
            meet = whom_to_meet(
                i, citizen, traits, now, ties, institution, citizens, u_sociability, u_search,
                hops, key, period,
            )  # fmt: skip
        decisions.leave[i], decisions.meet[i] = leave, meet
        decisions.pending[i] = (
            (leave != NOBODY) * TO_LEAVE | (meet != NOBODY) * TO_MEET | pending & TO_JAIL
        )

    @rule
    def decide_once(i, citizen, traits, now, ties, decisions, institution, citizens, key, period):
        if decisions.pending[i] != 0:
            luck = draws(key, _FIRST_REVIEWED, period, i, 0)
            hops = draws(key, _FIRST_HOP, period, i, 0)
            decide(
                i, citizen, traits, now, ties, decisions, institution, citizens, luck, hops, key,
                period,
            )  # fmt: skip

    @rule
    def decide_block(
        scratch, begin, size, traits, now, ties, decisions, institution, citizens, key, period
    ):
        b, words = scratch.numbers, scratch.words
        count = list_deciders(words, begin, size, decisions)
        draw_for_ties(scratch, count, key, period)
        ask_for_friends(scratch, count, now, ties, decisions, citizens)
        ask_for_introductions(scratch, count, ties)
        ask_for_strangers(scratch, count, traits, now, ties)
        for k in range(count):
            i = words[at(_WHO, k)]
            luck = (
                b[at(_DRAWS, k)],
                b[at(_DRAWS + 1, k)],
                b[at(_DRAWS + 2, k)],
                b[at(_DRAWS + 3, k)],
            )
            hops = b[at(_DRAWS + 4, k)], b[at(_DRAWS + 5, k)], b[at(_DRAWS + 6, k)], 0.0
            citizen = state(i, traits, now, institution)
            decide(
                i, citizen, traits, now, ties, decisions, institution, citizens, luck, hops, key,
                period,
            )  # fmt: skip

    return decide_once, decide_block
