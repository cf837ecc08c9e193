"""The first half of a citizen's period: to look, speak and be scored; for one citizen or a block.

A period is a chain of work that differs in kind: waiting for friends' records, drawing, weighing,
writing. Citizen by citizen, the processor can neither wait for several citizens' friends at once
nor weigh several citizens' choices in one instruction. In ``speak_block`` each step is therefore a
loop of its own over a block of citizens that fits the innermost caches; the pure steps touch only
the block's own rows, and so the compiler turns them into vector instructions. Both ways call the
same rules and give the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from model.chance import Purpose, draws
from model.glance import Sums, add_records, add_up, glance_from
from model.record import MOST_ADDED, pack, take_apart
from model.rules.conviction import next_conviction
from model.rules.friendship import reviews
from model.rules.marker import rule
from model.rules.records import CitizenState, acting
from model.rules.scoring import can_cost, clamp
from model.rules.surveillance import gravity_of, has_news, record
from model.state import TO_LEAVE, TO_MEET, double, state_of

BLOCK = 1024
"""Citizens in a block: 200 kB, for the second-level cache."""

# rows of a block: the citizen, sums over friends, draws, what came of it
_CITIZEN, _SUMS, _LUCK, _OUTCOME, _ROWS = 0, 9, 15, 19, 24

_NEWS = int(Purpose.news)


@rule
def empty_block():
    """Rows for a block: of numbers, and of whole words.

    The shapes are constant, which the compiler needs to see that rows don't overlap; the rows are
    longer than a block so that they don't compete for the same places of the cache.
    """
    return np.empty((_ROWS, BLOCK + 8)), np.empty((3, BLOCK + 8), np.int64)


@rule
def put_citizen(b, k, citizen):
    """Write the k-th citizen into the block's rows."""
    b[0, k], b[1, k], b[2, k] = citizen.conviction, citizen.anchor, citizen.self_censorship
    b[3, k], b[4, k], b[5, k] = citizen.conformity, citizen.wealth, citizen.base_score
    b[6, k], b[7, k], b[8, k] = citizen.score, citizen.expression, citizen.gravity


@rule
def citizen_at(b, k):
    """The k-th citizen from the block's rows."""
    return CitizenState(
        b[0, k], b[1, k], b[2, k], b[3, k], b[4, k], b[5, k], b[6, k], b[7, k], b[8, k]
    )


@rule
def put_sums(b, k, friends, sums):
    """Write the sums over the k-th citizen's friends into the block's rows."""
    b[_SUMS, k] = friends
    for m in range(5):
        b[_SUMS + 1 + m, k] = sums[m]


@rule
def sums_at(b, k):
    """The sums over the k-th citizen's friends from the block's rows."""
    return Sums(b[9, k], b[10, k], b[11, k], b[12, k], b[13, k], b[14, k])


@rule
def write(i, said, recorded, score, conviction, reviewing, short, new, decisions):
    """Write a citizen's outcome of the period into the new record."""
    new.record[i] = pack(score, said, recorded)
    new.conviction[i] = conviction
    decisions.pending[i] = reviewing * TO_LEAVE | short * TO_MEET


def build_speaking(choose: Any, scoring: Any, own_rule: bool) -> tuple[Any, Any]:
    """The loops' bodies for a choice rule and a scoring rule: for one citizen, and for a block.

    Under the table of weights a glance tells whether any friend can cost anything at all; under a
    researcher's own rule only the review itself does.
    """

    @rule
    def live(
        citizen, glance, u_news, u_expression, u_surveillance, u_review, institution, citizens
    ):
        news = has_news(citizens, u_news)
        gravity = gravity_of(news, institution)
        said = choose(citizen, glance, gravity, institution, citizens, scoring, u_expression)
        recorded = record(said, news, institution, u_surveillance)
        acted = acting(citizen, said, recorded)
        score = clamp(scoring(acted, glance, institution))
        conviction = next_conviction(acted, glance, citizens)
        burdened = own_rule or can_cost(glance.mean_gravity, institution)
        reviewing = burdened and reviews(glance.friends, institution, citizens, u_review)
        return said, recorded, score, conviction, reviewing

    @rule
    def speak_once(i, traits, now, new, ties, decisions, institution, citizens, key, period):
        citizen = state_of(i, traits, now, institution)
        glance = glance_from(add_up(i, ties, now), citizen.score, institution)
        u_news, u_expression, u_surveillance, u_review = draws(key, _NEWS, period, i, 0)
        said, recorded, score, conviction, reviewing = live(
            citizen, glance, u_news, u_expression, u_surveillance, u_review, institution, citizens
        )
        short = glance.friends < double(traits.wanted[i])
        write(i, said, recorded, score, conviction, reviewing, short, new, decisions)

    @rule
    def speak_block(
        b, whole, begin, size, traits, now, new, ties, decisions, institution, citizens, key, period
    ):
        hubs = 0
        for k in range(size):
            start = int(ties.start[begin + k])
            friends = int(ties.degree[begin + k])
            whole[2, k] = friends
            if friends > MOST_ADDED:  # too many to be added at once
                hubs += 1
                friends = 0
            whole[0, k], whole[1, k] = add_records(start, start + friends, ties, now)
        for k in range(size):
            put_sums(b, k, np.float64(np.int32(whole[2, k])), take_apart(whole[0, k], whole[1, k]))
        if hubs > 0:
            for k in range(size):
                if whole[2, k] > MOST_ADDED:
                    sums = add_up(begin + k, ties, now)
                    put_sums(b, k, sums.friends, sums[1:])
        for k in range(size):
            put_citizen(b, k, state_of(begin + k, traits, now, institution))
        for k in range(size):
            luck = draws(key, _NEWS, period, begin + k, 0)
            for m in range(4):
                b[_LUCK + m, k] = luck[m]
        for k in range(size):
            citizen = citizen_at(b, k)
            glance = glance_from(sums_at(b, k), citizen.score, institution)
            said, recorded, score, conviction, reviewing = live(
                citizen, glance, b[15, k], b[16, k], b[17, k], b[18, k], institution, citizens
            )
            b[19, k], b[20, k], b[21, k], b[22, k] = said, recorded, score, conviction
            b[23, k] = 1.0 if reviewing else 0.0
        for k in range(size):
            i = begin + k
            short = b[_SUMS, k] < double(traits.wanted[i])
            write(i, b[19, k], b[20, k], b[21, k], b[22, k], b[23, k] > 0.0, short, new, decisions)

    return speak_once, speak_block
