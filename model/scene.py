"""One look at all friends where mechanisms beyond the score are in force.

As in :mod:`model.glance`, sums are of whole numbers, so that the order of friends doesn't matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.chance import Purpose, draw, draws
from model.choices import Operators
from model.follows import share_listed
from model.glance import Sums, glance_from
from model.life import (
    BARRED,
    ENROLLED,
    FLAUNTING,
    RECORDED_BY_FIRST,
    RECORDED_BY_SECOND,
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
from model.rules.operators import knows
from model.rules.records import ByOperator, Glance, Scene, with_mean_score, with_records
from model.state import Present
from model.ties import TieArrays

if TYPE_CHECKING:
    from model.parameters import Institution

_HEARD = int(Purpose.heard)
_FIRST_KNOWS = int(Purpose.first_knows)
_ONE, _MERGED = int(Operators.one), int(Operators.merged)


@rule
def look_around(
    i, own_score, ties: TieArrays, present: Present, institution: Institution, key, period
):
    """The glance, that of each operator (M3), and the scene, as citizen ``i`` perceives them.

    Who is barred (M15) may go unheard and then seems silent. Friends without a score (M2) are left
    out of the mean score.
    """
    start = int(ties.start[i])
    friends = int(ties.degree[i])
    score, expression, dissenting, flagged, news = 0, 0, 0, 0, 0
    enrolled, flaunting, caught, enforcement = 0, 0, 0, 0.0
    by_first, news_by_first, by_second, news_by_second = 0, 0, 0, 0
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
            if institution.operators != _ONE:
                # which operator knows of a friendship is drawn once and for all
                u_first, u_second, _, _ = draws(key, _FIRST_KNOWS, 0, min(i, j), max(i, j))
                first = knows(institution.first_sees_ties, u_first)
                second = knows(institution.second_sees_ties, u_second)
                saw_first = marks & RECORDED_BY_FIRST != 0
                saw_second = marks & RECORDED_BY_SECOND != 0
                if institution.operators == _MERGED:  # what either saw, on ties that either knows
                    first = second = first or second
                    saw_first = saw_second = True
                is_news = 1 if record & NEWS else 0
                if first and saw_first:
                    by_first += 1
                    news_by_first += is_news
                if second and saw_second:
                    by_second += 1
                    news_by_second += is_news
        if record & DISSENTING and heard:
            dissenting += 1
            if record & FLAGGED:
                caught += 1
        if marks & ENROLLED:
            enrolled += 1
            score += record & SCORE
        if marks & FLAUNTING:
            flaunting += 1
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
    listed_followed = share_listed(i, ties, present)
    scene = Scene(enrolled * each, flaunting * each, caught * each,
                  enforcement * each, listed_followed)  # fmt: skip
    glance = glance_from(sums, own_score, institution)
    if enrolled != friends:
        mean_score = score / (SCORE_STEPS * enrolled) if enrolled > 0 else own_score
        glance = with_mean_score(glance, mean_score)
    by_operator = ByOperator(
        _as_known(glance, by_first, news_by_first, institution),
        _as_known(glance, by_second, news_by_second, institution),
    )
    return glance, by_operator, scene


@rule
def _as_known(glance: Glance, flagged, news, institution: Institution) -> Glance:
    """The glance with so many records of friends instead."""
    if institution.operators == _ONE or flagged == 0:
        return with_records(glance, 0.0, 0.0, 0.0)
    gravity = (flagged - news) + institution.news_gravity * news
    worst = institution.news_gravity if news > 0 else 1.0
    return with_records(glance, flagged / glance.friends, gravity / glance.friends, worst)
