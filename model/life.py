"""Columns that only mechanisms beyond the score need: empty where none of them is in force.

They belong to :class:`model.state.Present`: one copy is read, the other written. What anybody may
know of a citizen is packed into ``marks``, two bytes, so that looking at a friend costs one more
memory access only.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model import memory
from model.rules.enrolment import is_mandatory
from model.rules.marker import rule
from model.rules.records import PLAIN_BELIEF, PLAIN_STAKE, Life
from model.rules.scoring import base_score

ENROLLED = 1
FLAUNTING = 2
OFF_GRID = 4
DETAINED = 8
BARRED = 16
PRESSING = 32
RESISTING = 64
ACCUSED = 128
RECORDED_BY_FIRST = 256
RECORDED_BY_SECOND = 512
LISTED = 1024
"""Bits of ``marks``. Who was ever falsely accused is known to nobody but the citizen."""


class LifeColumns(NamedTuple):
    """One entry a citizen, or none at all."""

    marks: NDArray[np.uint16]
    detained: NDArray[np.int32]
    barred: NDArray[np.int32]
    clean: NDArray[np.int32]
    since: NDArray[np.int32]
    """These five: see :class:`model.rules.records.Life`."""
    stake: NDArray[np.float32]
    belief: NDArray[np.float32]
    lifestyle: NDArray[np.float32]
    """These three: see :class:`model.rules.records.CitizenState`."""
    wealth: NDArray[np.float32]
    """ω, [0, 1], now (M21)."""
    first_score: NDArray[np.float32]
    second_score: NDArray[np.float32]
    """The two operators' scores (M3)."""
    climate: NDArray[np.float32]
    """See :class:`model.rules.records.Life`."""


def empty_life(citizens: int) -> LifeColumns:
    """Columns for so many people, of no particular value; none for 0."""
    whole = (memory.filled(citizens, np.int32, 0) for _ in range(4))
    real = (memory.filled(citizens, np.float32, 0.0) for _ in range(7))
    return LifeColumns(memory.filled(citizens, np.uint16, 0), *whole, *real)


def begin_life(
    who: Any, period: float, institution: Any, citizens: Any, traits: Any, life: LifeColumns
) -> None:
    """The life of the rows ``who`` before their first period: nothing has happened yet.

    Enrolled is who is born into mandatory enrolment; lifestyle is taste.
    """
    enrolled = is_mandatory(period, institution)
    life.marks[who] = ENROLLED if enrolled else 0
    for left in (life.detained, life.barred, life.clean):
        left[who] = 0
    life.since[who] = int(period) if enrolled else -1
    life.stake[who] = PLAIN_STAKE if enrolled else 0.0
    life.belief[who] = citizens.believed_detection if citizens.learning > 0.0 else PLAIN_BELIEF
    life.lifestyle[who] = traits.taste[who]
    life.wealth[who] = traits.wealth[who]
    base: Any = base_score(traits.wealth[who].astype(np.float64), institution)
    life.first_score[who] = life.second_score[who] = base
    life.climate[who] = 0.0


@rule
def _marked(marks, bit):
    return 1.0 if marks & bit else 0.0


@rule
def enforcement_of(marks):
    """E: +1 presses friends to comply, −1 to dissent (M23)."""
    return _marked(marks, PRESSING) - _marked(marks, RESISTING)


@rule
def life_of(i, life: LifeColumns) -> Life:
    """Citizen ``i``'s life as the rules see it."""
    marks = int(life.marks[i])
    return Life(
        _marked(marks, ENROLLED),
        _marked(marks, FLAUNTING),
        _marked(marks, OFF_GRID),
        enforcement_of(marks),
        _marked(marks, ACCUSED),
        float(int(life.detained[i])),
        float(int(life.barred[i])),
        float(int(life.clean[i])),
        float(int(life.since[i])),
        _marked(marks, LISTED),
        _marked(marks, RECORDED_BY_FIRST),
        _marked(marks, RECORDED_BY_SECOND),
        float(np.float64(life.first_score[i])),
        float(np.float64(life.second_score[i])),
        float(np.float64(life.climate[i])),
    )


@rule
def is_reachable(j, life: LifeColumns):
    """Whether somebody can be met: neither in detention nor off the grid."""
    return int(life.marks[j]) & (DETAINED | OFF_GRID) == 0


@rule
def marks_of(life: Life):
    """The marks of a life."""
    marks = 0
    if life.enrolled > 0.0:
        marks |= ENROLLED
    if life.flaunting > 0.0:
        marks |= FLAUNTING
    if life.off_grid > 0.0:
        marks |= OFF_GRID
    if life.detained > 0.0:
        marks |= DETAINED
    if life.barred > 0.0:
        marks |= BARRED
    if life.enforcement > 0.0:
        marks |= PRESSING
    if life.enforcement < 0.0:
        marks |= RESISTING
    if life.accused > 0.0:
        marks |= ACCUSED
    if life.listed > 0.0:
        marks |= LISTED
    if life.recorded_by_first > 0.0:
        marks |= RECORDED_BY_FIRST
    if life.recorded_by_second > 0.0:
        marks |= RECORDED_BY_SECOND
    return marks


@rule
def write_life(i, life: Life, stake, belief, lifestyle, wealth, columns: LifeColumns):
    """Write citizen ``i``'s life."""
    columns.marks[i] = marks_of(life)
    columns.detained[i] = int(life.detained)
    columns.barred[i] = int(life.barred)
    columns.clean[i] = int(life.clean)
    columns.since[i] = int(life.since)
    columns.stake[i] = stake
    columns.belief[i] = belief
    columns.lifestyle[i] = lifestyle
    columns.wealth[i] = wealth
    columns.first_score[i] = life.first_score
    columns.second_score[i] = life.second_score
    columns.climate[i] = life.climate
