"""The first half of a citizen's period: to look, speak and be scored; for one citizen or a block.

A period is a chain of work that differs in kind: waiting for friends' records, drawing, weighing,
writing. Citizen by citizen, the processor can neither wait for several citizens' friends at once
nor weigh several citizens' choices in one instruction. In ``speak_block`` each step is therefore a
loop of its own over a block of citizens that fits the innermost caches; the pure steps touch only
the block's own rows, and so the compiler turns them into vector instructions. Both ways call the
same rules and give the same bits. (In vectorised loops tuples are taken apart by name: an index
into a tuple that runs would keep them from being vectorised.)
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba.extending import register_jitable

from model.chance import Purpose, draws
from model.engine.prefetch import bring_near
from model.engine.scratch import at
from model.glance import Sums, add_up, adding, glance_from
from model.record import MOST_ADDED, pack, take_apart
from model.rules.conviction import next_conviction
from model.rules.expression import CHOICE_RULES, IN_STEPS
from model.rules.friendship import reviews
from model.rules.marker import rule
from model.rules.records import (
    PLAIN_BELIEF,
    PLAIN_LIFESTYLE,
    PLAIN_STAKE,
    CitizenState,
    acting,
)
from model.rules.scoring import can_cost, given
from model.rules.surveillance import gravity_of, has_news, record
from model.state import TO_LEAVE, TO_MEET, double, state_of

# rows of the scratch's numbers: the citizen in 0 to 8, sums over friends in 9 to 14, draws to 18,
# what came of it to 23 (before that, what speaks for dissent and praise in 20 and 21); rows of its
# words: records added up in 0 and 1, friends in 2

_SLOTS_AHEAD = 96
"""The slots of some eight citizens. A fifth are empty, and as many friends are not asked for: to
look up where each row ends gains a sixth and more at five million, and takes twice as long at
100,000."""

_NEWS = int(Purpose.news)


@rule
def put_citizen(b, k, c):
    """Write the k-th citizen."""
    b[at(0, k)], b[at(1, k)], b[at(2, k)] = c.conviction, c.anchor, c.self_censorship
    b[at(3, k)], b[at(4, k)], b[at(5, k)] = c.conformity, c.wealth, c.base_score
    b[at(6, k)], b[at(7, k)], b[at(8, k)] = c.score, c.expression, c.gravity


@rule
def citizen_at(b, k):
    """The k-th citizen."""
    return CitizenState(
        b[at(0, k)], b[at(1, k)], b[at(2, k)], b[at(3, k)], b[at(4, k)], b[at(5, k)],
        b[at(6, k)], b[at(7, k)], b[at(8, k)], PLAIN_LIFESTYLE, PLAIN_STAKE, PLAIN_BELIEF,
    )  # fmt: skip


@rule
def put_sums(b, k, s):
    """Write the sums over the k-th citizen's friends."""
    b[at(9, k)], b[at(10, k)], b[at(11, k)] = s.friends, s.score, s.expression
    b[at(12, k)], b[at(13, k)], b[at(14, k)] = s.dissenting, s.flagged, s.news


@rule
def sums_at(b, k):
    """The sums over the k-th citizen's friends."""
    return Sums(b[at(9, k)], b[at(10, k)], b[at(11, k)], b[at(12, k)], b[at(13, k)], b[at(14, k)])


@rule
def write(i, said, recorded, score, conviction, reviewing, short, new, decisions):
    """Write a citizen's outcome of the period into the new record."""
    new.record[i] = pack(score, said, recorded)
    new.conviction[i] = conviction
    decisions.pending[i] = reviewing * TO_LEAVE | short * TO_MEET


@rule
def ask_for_later(slot, end, ties, now):
    """Ask for the record of a friend of somebody who comes later.

    Of friends who live near, as in a clustered society, most records are in the caches and a few
    lie far away. Too few of these are within a processor's sight at once for their delays to
    overlap.
    """
    ahead = min(_SLOTS_AHEAD, len(ties.friend) - end)
    bring_near(now.record, int(ties.friend[slot + np.uint64(ahead)]))


add_records_ahead = adding(ask_for_later)


@register_jitable
def look_at_friends(words, begin, size, now, ties):
    """Add up the records of the friends of a block; returns how many have too many to be added.

    Not inlined by force: among the other steps the compiler runs out of registers for this loop.
    """
    hubs = 0
    for k in range(size):
        i = np.uint64(begin + k)
        start = int(ties.start[i])
        degree = int(ties.degree[i])
        words[at(2, k)] = degree
        hubs += degree > MOST_ADDED  # whose sums are of no use: they are added up anew
        words[at(0, k)], words[at(1, k)] = add_records_ahead(start, start + degree, ties, now)
    return hubs


class Steps(NamedTuple):
    """The steps of a block's period, each a loop of its own: see the module's text."""

    look: Any
    load: Any
    draw: Any
    choose: Any
    answer: Any
    write: Any


@rule
def look(scratch, begin, size, now, ties):
    """Add up what a block's citizens see of their friends."""
    b, words = scratch.numbers, scratch.words
    hubs = look_at_friends(words, begin, size, now, ties)
    for k in range(size):
        friends = np.float64(np.int32(words[at(2, k)]))
        put_sums(b, k, Sums(friends, *take_apart(words[at(0, k)], words[at(1, k)])))
    if hubs > 0:
        for k in range(size):
            if words[at(2, k)] > MOST_ADDED:
                put_sums(b, k, add_up(begin + k, ties, now))


@rule
def load(scratch, begin, size, traits, now, institution):
    """Bring a block's citizens together."""
    b = scratch.numbers
    for k in range(size):
        put_citizen(b, k, state_of(np.uint64(begin + k), traits, now, institution))


@rule
def draw_all(scratch, begin, size, key, period):
    """Draw a block's chances."""
    b = scratch.numbers
    for k in range(size):
        b[at(15, k)], b[at(16, k)], b[at(17, k)], b[at(18, k)] = draws(
            key, _NEWS, period, begin + k, 0
        )


@rule
def write_all(scratch, begin, size, traits, new, decisions):
    """Write a block's outcome down."""
    b = scratch.numbers
    for k in range(size):
        i = np.uint64(begin + k)
        short = b[at(9, k)] < double(traits.wanted[i])
        write(
            i, b[at(19, k)], b[at(20, k)], b[at(21, k)], b[at(22, k)], b[at(23, k)] > 0.0,
            short, new, decisions,
        )  # fmt: skip


def build_speaking(expression_rule: str, scoring: Any, own_rule: bool) -> tuple[Any, Any, Steps]:
    """The loops' bodies for a choice rule and a scoring rule: for one, for a block, in steps.

    Under the table of weights a glance tells whether any friend can cost anything at all; under a
    researcher's own rule only the review itself does.
    """
    choose = CHOICE_RULES[expression_rule]
    in_steps: tuple[Any, Any] = IN_STEPS.get(expression_rule, (None, None))
    weigh, pick = in_steps

    @rule
    def gravity_for(u_news, institution, citizens):
        return gravity_of(has_news(citizens, u_news), institution)

    @rule
    def answer(said, citizen, glance, u_news, u_surveillance, u_review, institution, citizens):
        recorded = record(said, has_news(citizens, u_news), institution, u_surveillance)
        acted = acting(citizen, said, recorded)
        score = given(scoring(acted, glance, institution))
        conviction = next_conviction(acted, glance, citizens)
        burdened = own_rule or can_cost(glance.mean_gravity, institution)
        reviewing = burdened and reviews(glance.friends, institution, citizens, u_review)
        return recorded, score, conviction, reviewing

    @rule
    def speak_once(i, traits, now, new, ties, decisions, institution, citizens, key, period):
        citizen = state_of(i, traits, now, institution)
        glance = glance_from(add_up(i, ties, now), citizen.score, institution)
        u_news, u_expression, u_surveillance, u_review = draws(key, _NEWS, period, i, 0)
        gravity = gravity_for(u_news, institution, citizens)
        said = choose(citizen, glance, gravity, institution, citizens, scoring, u_expression)
        recorded, score, conviction, reviewing = answer(
            said, citizen, glance, u_news, u_surveillance, u_review, institution, citizens
        )
        short = glance.friends < double(traits.wanted[i])
        write(i, said, recorded, score, conviction, reviewing, short, new, decisions)

    @rule
    def choose_at_once(scratch, size, institution, citizens):
        b = scratch.numbers
        for k in range(size):
            citizen = citizen_at(b, k)
            glance = glance_from(sums_at(b, k), citizen.score, institution)
            gravity = gravity_for(b[at(15, k)], institution, citizens)
            b[at(19, k)] = choose(
                citizen, glance, gravity, institution, citizens, scoring, b[at(16, k)]
            )

    @rule
    def weigh_and_pick(scratch, size, institution, citizens):
        b = scratch.numbers
        for k in range(size):
            citizen = citizen_at(b, k)
            glance = glance_from(sums_at(b, k), citizen.score, institution)
            gravity = gravity_for(b[at(15, k)], institution, citizens)
            b[at(20, k)], b[at(21, k)] = weigh(
                citizen, glance, gravity, institution, citizens, scoring
            )
        for k in range(size):
            b[at(19, k)] = pick(b[at(20, k)], b[at(21, k)], citizens.rationality, b[at(16, k)])

    choose_all = choose_at_once if weigh is None else weigh_and_pick

    @rule
    def answer_all(scratch, size, institution, citizens):
        b = scratch.numbers
        for k in range(size):
            citizen = citizen_at(b, k)
            glance = glance_from(sums_at(b, k), citizen.score, institution)
            b[at(20, k)], b[at(21, k)], b[at(22, k)], reviewing = answer(
                b[at(19, k)], citizen, glance, b[at(15, k)], b[at(17, k)], b[at(18, k)],
                institution, citizens,
            )  # fmt: skip
            b[at(23, k)] = 1.0 if reviewing else 0.0

    @rule
    def speak_block(
        scratch, begin, size, traits, now, new, ties, decisions, institution, citizens, key, period
    ):
        look(scratch, begin, size, now, ties)
        load(scratch, begin, size, traits, now, institution)
        draw_all(scratch, begin, size, key, period)
        choose_all(scratch, size, institution, citizens)
        answer_all(scratch, size, institution, citizens)
        write_all(scratch, begin, size, traits, new, decisions)

    return speak_once, speak_block, Steps(look, load, draw_all, choose_all, answer_all, write_all)
