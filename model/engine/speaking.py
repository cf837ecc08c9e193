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
from model.glance import Sums, add_up, glance_from
from model.record import pack
from model.rules.conviction import next_conviction
from model.rules.friendship import reviews
from model.rules.marker import rule
from model.rules.records import CitizenState, acting
from model.rules.scoring import can_cost, clamp
from model.rules.surveillance import gravity_of, has_news, record
from model.state import NOBODY, UNDECIDED, double, state_of

BLOCK = 1024
"""Citizens in a block: 25 rows of 8 bytes each are 51 kB."""

_NEWS = int(Purpose.news)


@rule
def empty_block():
    """Rows for a block: 9 of the citizen, 7 of the glance, 4 of draws, 5 of the outcome.

    The shape is constant, which the compiler needs to see that rows don't overlap.
    """
    return np.empty((25, BLOCK + 8))


@rule
def write(i, said, recorded, score, conviction, reviewing, short, new, decisions):
    """Write a citizen's outcome of the period into the new record."""
    new.record[i] = pack(score, said, recorded)
    new.conviction[i] = conviction
    decisions.leave[i] = UNDECIDED if reviewing else NOBODY
    decisions.meet[i] = UNDECIDED if short else NOBODY


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
        b, begin, size, traits, now, new, ties, decisions, institution, citizens, key, period
    ):
        for k in range(size):
            i = begin + k
            sums = add_up(i, ties, now)
            b[9, k], b[10, k], b[11, k] = sums.friends, sums.score, sums.expression
            b[12, k], b[13, k], b[14, k] = sums.dissenting, sums.flagged, sums.news
        for k in range(size):
            c = state_of(begin + k, traits, now, institution)
            b[0, k], b[1, k], b[2, k] = c.conviction, c.anchor, c.self_censorship
            b[3, k], b[4, k], b[5, k] = c.conformity, c.wealth, c.base_score
            b[6, k], b[7, k], b[8, k] = c.score, c.expression, c.gravity
        for k in range(size):
            b[16, k], b[17, k], b[18, k], b[19, k] = draws(key, _NEWS, period, begin + k, 0)
        for k in range(size):
            citizen = CitizenState(
                b[0, k], b[1, k], b[2, k], b[3, k], b[4, k], b[5, k], b[6, k], b[7, k], b[8, k]
            )
            sums = Sums(b[9, k], b[10, k], b[11, k], b[12, k], b[13, k], b[14, k])
            glance = glance_from(sums, citizen.score, institution)
            said, recorded, score, conviction, reviewing = live(
                citizen, glance, b[16, k], b[17, k], b[18, k], b[19, k], institution, citizens
            )
            b[20, k], b[21, k], b[22, k], b[23, k] = said, recorded, score, conviction
            b[24, k] = 1.0 if reviewing else 0.0
        for k in range(size):
            i = begin + k
            short = b[9, k] < double(traits.wanted[i])
            write(i, b[20, k], b[21, k], b[22, k], b[23, k], b[24, k] > 0.0, short, new, decisions)

    return speak_once, speak_block
