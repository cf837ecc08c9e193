"""The public record: what is packed comes out again, and sums of records are sums of fields."""

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.glance import Sums, add_records, add_up, glance_from
from model.life import empty_life
from model.parameters import institution_record
from model.record import (
    EVERY_OTHER,
    EXPRESSION_STEPS,
    MOST_ADDED,
    SCORE_STEPS,
    expression_of,
    is_flagged,
    pack,
    recorded_gravity,
    score_of,
    take_apart,
)
from model.rules.records import Glance
from model.scenario import load
from model.state import Present
from model.ties import TieArrays
from model.world import World

PEOPLE = st.tuples(st.floats(350, 950), st.floats(-1, 1), st.sampled_from([0.0, 1.0, 2.0]))
INSTITUTION = institution_record(load("conduct_only").replace(news_gravity=2.0).institution)


@pytest.mark.property
@given(PEOPLE)
def test_a_record_gives_back_what_was_packed(person):
    score, expression, gravity = person
    record = int(pack(score, expression, gravity))
    assert abs(score_of(record) - score) <= 0.5 / SCORE_STEPS
    assert abs(expression_of(record) - expression) <= 0.5 / EXPRESSION_STEPS
    assert recorded_gravity(record, INSTITUTION) == gravity
    assert is_flagged(record) == (gravity > 0)


@pytest.mark.parametrize("expression", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("score", [350.0, 700.0, 950.0])
def test_the_ends_of_the_scales_are_exact(score, expression):
    record = int(pack(score, expression, 0.0))
    assert (score_of(record), expression_of(record)) == (score, expression)


@pytest.mark.property
@settings(max_examples=50)
@given(st.lists(PEOPLE, max_size=MOST_ADDED))
def test_added_records_come_apart_into_sums_of_fields(people):
    records = [int(pack(*person)) for person in people]
    parts = take_apart(sum(records), sum(record & EVERY_OTHER for record in records))
    assert parts == (
        sum(score_of(record) * SCORE_STEPS for record in records),
        sum((expression_of(record) + 1) * EXPRESSION_STEPS for record in records),
        sum(expression > 0 for _, expression, _ in people),
        sum(gravity > 0 for _, _, gravity in people),
        sum(gravity > 1 for _, _, gravity in people),
    )


def test_as_many_of_the_largest_records_as_may_be_added_do_not_run_over():
    record = int(pack(950.0, 1.0, 2.0))
    nobody = np.zeros(1, np.int32)
    ties = TieArrays(
        nobody.astype(np.int64),
        nobody,
        nobody,
        np.zeros(MOST_ADDED, np.int32),
        np.zeros(1, np.int64),
        np.zeros(0, np.int32),
        np.zeros(0, np.int32),
    )
    present = Present(np.zeros(1, np.float32), np.array([record]), empty_life(0))

    @numba.njit  # where sums wrap around at 64 bits
    def add(ties, present):
        together, every_other = add_records(0, MOST_ADDED, ties, present)
        return take_apart(together, every_other)

    parts = add(ties, present)
    assert parts == tuple(
        MOST_ADDED * field for field in (950 * SCORE_STEPS, 2 * EXPRESSION_STEPS, 1, 1, 1)
    )


def test_a_hub_sees_all_friends():
    """More friends than can be added at once: 699 each."""
    world = World(citizens=700, generator="complete", seed=3, detection=0.9)
    world.run(3)
    sums = add_up(5, world.ties.arrays, world.now)
    others = np.delete(np.arange(700), 5)
    assert sums.friends == 699
    assert sums.score == (world.score[others] * SCORE_STEPS).sum()
    assert sums.expression == ((world.expression[others] + 1) * EXPRESSION_STEPS).sum()
    assert sums.dissenting == (world.expression[others] > 0).sum() > 0
    assert sums.flagged == world.flagged[others].sum() > 0


def test_a_glance_worked_by_hand():
    """Four friends at 400, 500, 600, 700: two dissent, one is recorded for an opinion, one for
    news of gravity 2, one is silent, one praises.
    """
    people = [(400.0, 1.0, 1.0), (500.0, 1.0, 2.0), (600.0, 0.0, 0.0), (700.0, -1.0, 0.0)]
    records = [int(pack(*person)) for person in people]
    sums = Sums(4.0, *take_apart(sum(records), sum(record & EVERY_OTHER for record in records)))
    glance = glance_from(sums, 650.0, INSTITUTION)
    assert glance == Glance(
        friends=4.0, mean_expression=0.25, share_dissenting=0.5, share_flagged=0.5,
        mean_gravity=0.75, worst_gravity=2.0, mean_score=550.0,
    )  # fmt: skip


def test_who_has_no_friends_sees_nobody():
    glance = glance_from(Sums(0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 650.0, INSTITUTION)
    assert glance == Glance(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 650.0)
