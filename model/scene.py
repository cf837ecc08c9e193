"""One look at all friends where mechanisms beyond the score are in force.

As in :mod:`model.glance`, sums are of whole numbers, so that the order of friends doesn't matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.chance import Purpose, draw
from model.glance import Sums, glance_from
from model.life import (
    BARRED,
    DETAINED,
    ENROLLED,
    FLAUNTING,
    enforcement_of,
)
from model.record import (
    DISSENTING,
    EXPRESSION,
    EXPRESSION_AT,
    EXPRESSION_STEPS,
    FLAGGED,
    NEWS,
    SCORE,
    SCORE_STEPS,
)
from model.rules.barring import is_heard
from model.rules.marker import rule
from model.rules.records import Scene, with_mean_score
from model.state import Present
from model.ties import TieArrays

if TYPE_CHECKING:
    from model.parameters import Institution

_HEARD = int(Purpose.heard)


@rule
def look_around(
    i, own_score, ties: TieArrays, present: Present, institution: Institution, key, period
):
    """The glance and the scene, as citizen ``i`` perceives them.

    Who is barred (M15) may go unheard and then seems silent. Friends without a score (M2) are left
    out of the mean score.
    """
    start = int(ties.start[i])
    friends = int(ties.degree[i])
    score, expression, dissenting, flagged, news = 0, 0, 0, 0, 0
    enrolled, flaunting, detained, caught, enforcement = 0, 0, 0, 0, 0.0
    for slot in range(start, start + friends):
        j = int(ties.friend[slot])
        record = int(present.record[j])
        marks = int(present.life.marks[j])
        heard = True
        if marks & BARRED:
            heard = is_heard(True, institution, draw(key, _HEARD, period, i, j))
        if heard:
            expression += (record >> EXPRESSION_AT) & EXPRESSION
            enforcement += enforcement_of(marks)
        else:
            expression += int(EXPRESSION_STEPS)
        if record & FLAGGED:
            flagged += 1
            if record & NEWS:
                news += 1
        if record & DISSENTING and heard:
            dissenting += 1
            if record & FLAGGED:
                caught += 1
        if marks & ENROLLED:
            enrolled += 1
            score += record & SCORE
        if marks & FLAUNTING:
            flaunting += 1
        if marks & DETAINED:
            detained += 1
    n = float(np.float64(friends))
    each = 1.0 / n if friends > 0 else 0.0
    sums = Sums(
        n,
        float(np.float64(score)),
        float(np.float64(expression)),
        float(np.float64(dissenting)),
        float(np.float64(flagged)),
        float(np.float64(news)),
    )
    scene = Scene(enrolled * each, flaunting * each, detained * each, caught * each,
                  enforcement * each)  # fmt: skip
    glance = glance_from(sums, own_score, institution)
    if enrolled == friends:
        return glance, scene
    mean_score = score / (SCORE_STEPS * enrolled) if enrolled > 0 else own_score
    return with_mean_score(glance, mean_score), scene
