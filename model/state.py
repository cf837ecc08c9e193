"""The state of a society as columns, one entry a citizen.

Everything is stored in float32 (the score in the equally fine steps of the public record, see
:mod:`model.record`) and computed in float64; rounding happens only where a column is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model import memory
from model.life import ENROLLED, LifeColumns, empty_life
from model.record import expression_of, person_of, recorded_gravity, score_of
from model.rules.marker import rule
from model.rules.records import (
    PLAIN_BELIEF,
    PLAIN_LIFESTYLE,
    PLAIN_STAKE,
    CitizenState,
    Person,
)
from model.rules.scoring import base_score

if TYPE_CHECKING:
    from model.parameters import Institution

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int32]
Records = NDArray[np.int64]

BLOCK = 1024
"""Citizens who are dealt with together: 200 kB, for the second-level cache. Sums over citizens are
those of blocks, added up in their order, so that threads don't show."""

NOBODY = -1
"""An entry of :class:`Decisions` that names nobody."""

TO_LEAVE = 1
TO_MEET = 2
TO_JAIL = 4
"""Bits of ``pending``: a friendship is to be reviewed, a friend is to be looked for, friendships
may not survive an arrest."""


CUT, FORMED, CUT_FROM_DISSENTERS, ARRESTS, LOST_TO_ARRESTS, LOST_TO_DEATHS = range(6)
"""Places of a world's ``counts``, each since the beginning: friendships ended by one of the two,
begun, ended with one who dissented then; arrests; friendships ended by an arrest, by a death."""
COUNTED = 6
"""Places of a world's ``counts``."""


class Traits(NamedTuple):
    """What a citizen keeps for life."""

    anchor: Floats
    """First conviction, [−1, 1]."""
    self_censorship: Floats
    """κ, [0, 1]."""
    conformity: Floats
    """γ, [0, 1]."""
    wealth: Floats
    """ω, [0, 1]."""
    wanted: Numbers
    """Friends that the citizen began with: whoever has fewer looks for more."""
    taste: Floats
    """What the citizen would buy unscored, [−1, 1]; empty where nobody asks (M8)."""


class Present(NamedTuple):
    """What changes every period. Two of these alternate: one is read, the other written."""

    conviction: Floats
    """c, [−1, 1]."""
    record: Records
    """Public records: score, expression, and what was recorded."""
    life: LifeColumns
    """Empty where no mechanism beyond the score is in force."""


class Decisions(NamedTuple):
    """What citizens decided about their ties in this period."""

    pending: Bytes
    """0: nothing to decide or to do; ``leave`` and ``meet`` then hold no particular value."""
    leave: Numbers
    """The friend to part from, or NOBODY."""
    meet: Numbers
    """The new friend, or NOBODY."""


def empty_present(citizens: int, full: bool) -> Present:
    """Columns for ``citizens`` people, of no particular value."""
    return Present(
        memory.filled(citizens, np.float32, 0.0),
        memory.filled(citizens, np.int64, 0),
        empty_life(citizens if full else 0),
    )


def empty_decisions(citizens: int) -> Decisions:
    """Decisions of people who decided nothing."""
    return Decisions(
        memory.filled(citizens, np.uint8, 0),
        memory.empty(citizens, np.int32),
        memory.empty(citizens, np.int32),
    )


@rule
def double(stored):
    """A stored float32 as a number to compute with (``float`` alone keeps float32 in Numba)."""
    return float(np.float64(stored))


@rule
def state_of(i, traits: Traits, present: Present, institution: Institution) -> CitizenState:
    """Citizen ``i`` as the rules see it."""
    record = int(present.record[i])
    wealth = double(traits.wealth[i])
    return CitizenState(
        double(present.conviction[i]),
        double(traits.anchor[i]),
        double(traits.self_censorship[i]),
        double(traits.conformity[i]),
        wealth,
        base_score(wealth, institution),
        score_of(record),
        expression_of(record),
        recorded_gravity(record, institution),
        PLAIN_LIFESTYLE,
        PLAIN_STAKE,
        PLAIN_BELIEF,
    )


@rule
def living_state_of(i, traits: Traits, present: Present, institution: Institution) -> CitizenState:
    """Citizen ``i`` as the rules see it where mechanisms beyond the score are in force."""
    record = int(present.record[i])
    wealth = double(present.life.wealth[i])
    return CitizenState(
        double(present.conviction[i]),
        double(traits.anchor[i]),
        double(traits.self_censorship[i]),
        double(traits.conformity[i]),
        wealth,
        base_score(wealth, institution),
        score_of(record),
        expression_of(record),
        recorded_gravity(record, institution),
        double(present.life.lifestyle[i]),
        double(present.life.stake[i]),
        double(present.life.belief[i]),
    )


@rule
def living_person(i, own_score, present: Present, institution: Institution) -> Person:
    """What one with ``own_score`` may know of ``i``; who carries no score counts as an equal."""
    known = person(i, present, institution)
    if int(present.life.marks[i]) & ENROLLED:
        return known
    return Person(own_score, known.expression, known.gravity)


@rule
def person(i, present: Present, institution: Institution) -> Person:
    """What anybody may know of citizen ``i``."""
    return person_of(int(present.record[i]), institution)
