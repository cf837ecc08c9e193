"""The first half of a citizen's period in the full engine, which knows every mechanism.

Citizen by citizen and without the vectorised blocks of :mod:`model.engine.speaking`: whoever turns
a mechanism on pays for it, and nobody else does.
"""

from __future__ import annotations

from typing import Any

from model.engine.prefetch import bring_near
from model.follows import unfollow, whom_to_unfollow
from model.life import life_of, write_life
from model.living import live, luck_of
from model.record import pack
from model.rules.marker import rule
from model.scene import look_around
from model.state import TO_JAIL, TO_LEAVE, TO_MEET, double, living_state_of

_CITIZENS_AHEAD = 8
"""Citizens after whom somebody's friends are looked at."""
_ALL_NEAR = 150_000
"""Citizens whose records lie so near that to ask for them takes longer than it spares (measured:
even at 100,000, a tenth to a fifth gained at 300,000, a fifth to half at a million)."""


@rule
def ask_for_friends_of(i, now, ties):
    """Ask for what somebody who comes later will see of friends."""
    start = int(ties.start[i])
    for slot in range(start, start + int(ties.degree[i])):
        j = int(ties.friend[slot])
        bring_near(now.record, j)
        bring_near(now.life.marks, j)


def build_living(scoring: Any, own_rule: bool) -> tuple[Any, Any]:
    """The loops' bodies for a scoring rule: for one citizen, and for a block of them.

    The expression rule is looked up as it runs.
    """

    @rule
    def live_once(i, traits, now, new, ties, decisions, institution, citizens, key, period):
        citizen = living_state_of(i, traits, now, institution)
        life = life_of(i, now.life)
        glance, by_operator, scene = look_around(
            i, citizen.score, ties, now, institution, key, period
        )
        luck = luck_of(i, len(ties.following) > 0, institution, key, period)
        lived = live(
            citizen, life, double(traits.taste[i]), double(traits.wealth[i]), glance,
            by_operator, scene, luck,
            double(period + 1), institution, citizens, scoring, own_rule,
        )  # fmt: skip
        if lived.sociable:
            slot = whom_to_unfollow(i, citizen, ties, now, institution, citizens, key, period)
            if slot >= 0:
                unfollow(i, slot, ties)
        short = lived.sociable and glance.friends < double(traits.wanted[i])
        new.record[i] = pack(lived.score, lived.said, lived.recorded)
        new.conviction[i] = lived.conviction
        write_life(
            i, lived.life, lived.stake, lived.belief, lived.lifestyle, lived.wealth, new.life
        )
        decisions.pending[i] = (
            lived.reviewing * TO_LEAVE | short * TO_MEET | lived.arrested * TO_JAIL
        )

    @rule
    def live_block(
        _scratch, begin, size, traits, now, new, ties, decisions, institution, citizens, key, period
    ):
        all_of_them = len(ties.degree)
        for i in range(begin, begin + size):
            if all_of_them > _ALL_NEAR:
                ask_for_friends_of(min(i + _CITIZENS_AHEAD, all_of_them - 1), now, ties)
            live_once(i, traits, now, new, ties, decisions, institution, citizens, key, period)

    return live_once, live_block
