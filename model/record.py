"""The public record: what anybody may read of a citizen, packed into one 64-bit word.

Looking at a friend then costs one memory access. The fields lie so that the words of up to 255
friends can be *added* before they are taken apart: the bits of :data:`EVERY_OTHER` have at least
eight bits of room above each field, and so has the rest. All friends' scores, expressions and
records thus cost two additions a friend.

====== ===========================================================================
bits   field
====== ===========================================================================
0–23   score in steps of 2⁻¹⁴ point
24     recorded: of forbidden news
32     recorded at all in the last period
33–55  expression + 1, in steps of 2⁻²¹
56     expression above 0
====== ===========================================================================

The rest is free. Sums of whole numbers don't depend on the order in which friends are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.rules.marker import rule
from model.rules.records import Person

if TYPE_CHECKING:
    from model.parameters import Institution

SCORE_STEPS = 16384.0
EXPRESSION_STEPS = 2097152.0
"""Steps of a point of score, and of expression from 0 to 1."""

SCORE = (1 << 24) - 1
NEWS = 1 << 24
FLAGGED = 1 << 32
EXPRESSION_AT = 33
EXPRESSION = (1 << 23) - 1
DISSENTING_AT = 56
DISSENTING = 1 << DISSENTING_AT

EVERY_OTHER = SCORE | FLAGGED | DISSENTING
MOST_ADDED = 255
"""Records that can be added before fields run into one another."""


@rule
def nearest(steps):
    """The whole number nearest to ``steps`` ≥ 0; by way of 32 bits, which processors do fastest."""
    return np.int64(np.int32(steps + 0.5))


@rule
def _steps_of(expression):
    return nearest((expression + 1.0) * EXPRESSION_STEPS)


@rule
def _said_in(steps):
    return steps / EXPRESSION_STEPS - 1.0


@rule
def as_recorded(expression):
    """An expression as its record has it."""
    return _said_in(_steps_of(expression))


@rule
def pack(score, expression, gravity):
    """The record of a score in [350, 950], an expression in [−1, 1] and a recorded gravity ≥ 0.

    >>> record = pack(650.25, -1.0, 2.0)
    >>> float(score_of(record)), float(expression_of(record)), bool(is_flagged(record))
    (650.25, -1.0, True)
    """
    # what is no number becomes a score of 0, which no citizen can have: see World.step
    record = nearest(score * SCORE_STEPS) if score == score else np.int64(0)
    record |= _steps_of(expression) << EXPRESSION_AT
    if gravity > 0.0:
        record |= FLAGGED
    if gravity > 1.0:
        record |= NEWS
    if expression > 0.0:
        record |= DISSENTING
    return record


@rule
def take_apart(together, every_other):
    """Sums of score, expression + 1 (both in steps), dissenters, flagged, and news.

    ``together`` is the sum of at most 255 records, ``every_other`` that of the same ones masked by
    :data:`EVERY_OTHER`. By way of 32 bits, as in :func:`nearest`.
    """
    rest = together - every_other
    return (
        np.float64(np.uint32(every_other & 0xFFFFFFFF)),
        np.float64(np.int32(rest >> EXPRESSION_AT)),
        np.float64(np.int32((every_other >> DISSENTING_AT) & 0xFF)),
        np.float64(np.int32((every_other >> 32) & 0xFF)),
        np.float64(np.int32((rest >> 24) & 0xFF)),
    )


@rule
def score_of(record):
    """The score S in a record (or records)."""
    return (record & SCORE) / SCORE_STEPS


@rule
def expression_of(record):
    """The expression x in a record (or records)."""
    return _said_in((record >> EXPRESSION_AT) & EXPRESSION)


@rule
def is_flagged(record):
    """Whether the institution recorded something in the last period."""
    return record & FLAGGED != 0


@rule
def recorded_gravity(record, institution: Institution):
    """The gravity of what was recorded: 0, 1 or ``news_gravity``."""
    if record & FLAGGED == 0:
        return 0.0
    return institution.news_gravity if record & NEWS else 1.0


@rule
def person_of(record, institution: Institution) -> Person:
    """A record as the rules see the person."""
    return Person(score_of(record), expression_of(record), recorded_gravity(record, institution))
