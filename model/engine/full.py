"""The first half of a citizen's period in the full engine, which knows every mechanism.

Citizen by citizen and without the vectorised blocks of :mod:`model.engine.speaking`: whoever turns
a mechanism on pays for it, and nobody else does.
"""

from __future__ import annotations

from typing import Any

from model.follows import unfollow, whom_to_unfollow
from model.life import life_of, write_life
from model.living import live, luck_of
from model.record import pack
from model.rules.marker import rule
from model.scene import look_around
from model.state import TO_JAIL, TO_LEAVE, TO_MEET, double, living_state_of


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
        for i in range(begin, begin + size):
            live_once(i, traits, now, new, ties, decisions, institution, citizens, key, period)

    return live_once, live_block
