"""The state of a society as columns, one entry a citizen.

What others may read of a citizen is packed into eight bytes (the *public record*), so that looking
at a friend costs one memory access: the score as float32, and a word whose upper 24 bits hold the
expression on a grid of 2⁻²² and whose low bits hold what was recorded. Everything is stored in
float32 and computed in float64; rounding happens only where a column is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.rules.marker import rule
from model.rules.records import CitizenState, Person

if TYPE_CHECKING:
    from model.parameters import Institution

Floats = NDArray[np.float32]
Words = NDArray[np.int32]

FLAGGED = 1
NEWS = 2
DISSENTING = 4
"""Bits of a public word: a record, one of forbidden news, and expression above 0."""

GRID = 4194304.0
"""Steps of expression from 0 to 1 (2²²)."""

NOBODY = -1
UNDECIDED = -2
"""Entries of :class:`Decisions` that name nobody: nothing to do, and still to be decided."""


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
    base_score: Floats
    """B, [350, 950]."""
    wanted: Words
    """Friends that the citizen began with: whoever has fewer looks for more."""


class Present(NamedTuple):
    """What changes every period. Two of these alternate: one is read, the other written."""

    conviction: Floats
    """c, [−1, 1]."""
    score: Floats
    """(N, 2) view of the public record as float32; column 0 is the score S."""
    word: Words
    """(N, 2) view of the same memory as int32; column 1 holds expression and record."""


class Decisions(NamedTuple):
    """What citizens decided about their ties in this period: a person's number or NOBODY."""

    leave: Words
    meet: Words


def empty_present(citizens: int) -> Present:
    """Columns for ``citizens`` people, of no particular value."""
    word = np.empty((citizens, 2), np.int32)  # large np.empty lies on huge pages, np.zeros doesn't
    word[:] = 0
    return Present(np.zeros(citizens, np.float32), word.view(np.float32), word)


def empty_decisions(citizens: int) -> Decisions:
    """Decisions of people who decided nothing."""
    return Decisions(np.full(citizens, NOBODY, np.int32), np.full(citizens, NOBODY, np.int32))


@rule
def double(stored):
    """A stored float32 as a number to compute with (``float`` alone keeps float32 in Numba)."""
    return float(np.float64(stored))


@rule
def pack(expression, gravity):
    """The word of a public record from an expression in [−1, 1] and a gravity ≥ 0.

    >>> unpack_expression(pack(-1.0, 2.0)), unpack_flags(pack(-1.0, 2.0))
    (-1.0, 3)
    """
    flags = 0
    if gravity > 0.0:
        flags = FLAGGED
    if gravity > 1.0:
        flags |= NEWS
    if expression > 0.0:
        flags |= DISSENTING
    steps = int(np.floor(expression * GRID + 0.5))
    return (steps * 256) | flags


@rule
def unpack_expression(word):
    """The expression in a public word."""
    return (word >> 8) / GRID


@rule
def unpack_flags(word):
    """The bits of a public word that say what was recorded: FLAGGED and NEWS."""
    return word & (FLAGGED | NEWS)


@rule
def unpack_gravity(word, institution: Institution):
    """The gravity of the record in a public word: 0, 1 or ``news_gravity``."""
    if word & FLAGGED == 0:
        return 0.0
    return institution.news_gravity if word & NEWS else 1.0


@rule
def state_of(i, traits: Traits, present: Present, institution: Institution) -> CitizenState:
    """Citizen ``i`` as the rules see it."""
    word = int(present.word[i, 1])
    return CitizenState(
        double(present.conviction[i]),
        double(traits.anchor[i]),
        double(traits.self_censorship[i]),
        double(traits.conformity[i]),
        double(traits.wealth[i]),
        double(traits.base_score[i]),
        double(present.score[i, 0]),
        unpack_expression(word),
        unpack_gravity(word, institution),
    )


@rule
def person(i, present: Present, institution: Institution) -> Person:
    """The public record of citizen ``i``."""
    word = int(present.word[i, 1])
    return Person(
        double(present.score[i, 0]), unpack_expression(word), unpack_gravity(word, institution)
    )
