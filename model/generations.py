"""Turnover (M18): citizens die and are succeeded, at the end of a period, in either engine.

A successor takes the row of the deceased, the temperament (self-censorship, conformity, taste),
the ability to pay and the disposition of a drawn founder, and some of the friendships. It begins
silent, unrecorded, and with the score that ability to pay gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.chance import Purpose, draw
from model.compilation import compiled
from model.glance import add_up
from model.life import begin_life
from model.record import EXPRESSION_STEPS, pack
from model.rules.generations import dies, first_conviction, passes_on
from model.rules.scoring import base_score
from model.state import LOST_TO_DEATHS, Floats, Traits
from model.ties import end_tie

if TYPE_CHECKING:
    from model.world import World

_DEATH = int(Purpose.death)
_PASSES_ON = int(Purpose.passes_on)


class Generations(NamedTuple):
    """What turnover has to remember."""

    born: NDArray[np.int32]
    """(N,) the period after which each was born; 0 for founders."""
    conviction: Floats
    """(N,) the founders' first convictions."""
    traits: Traits
    """The founders'."""


def founders(world: World) -> Generations:
    """The first generation."""
    copies = Traits(*[column.copy() for column in world.traits])  # type: ignore[arg-type]
    return Generations(np.zeros(world.citizens, np.int32), world.now.conviction.copy(), copies)


def succeed(world: World, generations: Generations) -> None:
    """Let the next generation take the place of those who died in the period just lived."""
    citizens, period = world.citizens_record, world.period
    dead = np.flatnonzero(_dying(world.citizens, citizens, world.key, period))
    if not len(dead):
        return
    climate = _bury(dead, world.ties.arrays, world.now, citizens, world.key, period, world.counts)
    founder = (draw(world.key, int(Purpose.founder), period, dead, 0) * world.citizens).astype(int)
    _raise(world, generations, dead, founder, climate)


@compiled
def _dying(people, citizens, key, period):
    """Whether each dies."""
    dying = np.zeros(people, np.bool_)
    for i in range(people):
        dying[i] = dies(citizens, draw(key, _DEATH, period, i, 0))
    return dying


@compiled
def _bury(dead, ties, now, citizens, key, period, counts):
    """What the circle of each said last, nan without friends; friendships that don't pass on end.

    A friendship of two who both died has one chance.
    """
    climate = np.full(len(dead), np.nan)
    for k in range(len(dead)):
        sums = add_up(dead[k], ties, now)
        if sums.friends > 0.0:
            climate[k] = sums.expression / (EXPRESSION_STEPS * sums.friends) - 1.0
    for i in dead:
        for slot in range(ties.start[i] + ties.degree[i] - 1, ties.start[i] - 1, -1):
            j = int(ties.friend[slot])
            u = draw(key, _PASSES_ON, period, min(i, j), max(i, j))
            if not passes_on(citizens, u):
                end_tie(ties, i, j)
                counts[LOST_TO_DEATHS] += 1
    return climate


def _raise(world: World, generations: Generations, dead: Any, founder: Any, climate: Any) -> None:
    traits, now = world.traits, world.now
    for column, first in zip(traits, generations.traits, strict=True):
        if column is not traits.wanted and column is not traits.anchor and len(column):
            column[dead] = first[founder]
    inherited: Any = generations.conviction[founder].astype(np.float64)
    heard = np.where(np.isnan(climate), inherited, climate)  # who hears nobody isn't formed
    formed = first_conviction(inherited, heard, world.citizens_record)
    now.conviction[dead] = formed
    traits.anchor[dead] = now.conviction[dead]
    wealth: Any = traits.wealth[dead].astype(np.float64)
    base: Any = base_score(wealth, world.institution_record)
    now.record[dead] = [pack(score, 0.0, 0.0) for score in base.tolist()]
    generations.born[dead] = world.period + 1
    if world.full:
        first_period = float(world.period + 2)  # numbered from 1, and lived by those born after it
        begin_life(
            dead, first_period, world.institution_record, world.citizens_record, traits, now.life
        )
