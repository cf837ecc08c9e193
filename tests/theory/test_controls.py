"""Null worlds: what they keep, what they break, and what they say of claims on friendship."""

import json
import subprocess
import sys

import numpy as np
import pytest

from experiments.controls import (
    ISOLATION,
    controls,
    deal_anew,
    measured,
    rewire,
    without_scores,
)
from model.errors import InputError
from model.measures import measure
from model.record import expression_of, is_flagged, score_of
from model.scenario import load
from model.world import World


def world_of(**changes):
    world = World("guilt_by_association", citizens=400, seed=3, threads=1, **changes)
    world.run(60)
    return world


def test_rewiring_keeps_every_degree_and_forgets_who_was_with_whom():
    world = world_of(association_pull=0.1)
    degree = world.ties.arrays.degree.copy()
    before = {tuple(tie) for tie in np.column_stack(world.ties.edges()).tolist()}
    assert measure(world, "assortativity_score") > 0.25
    rewire(world)
    assert np.array_equal(world.ties.arrays.degree, degree)
    after = np.column_stack(world.ties.edges())
    assert len({tuple(tie) for tie in after.tolist()}) == len(after), "no tie twice"
    assert (after[:, 0] != after[:, 1]).all()
    kept = len(before & {tuple(tie) for tie in after.tolist()}) / len(before)
    assert kept < 0.1
    assert abs(measure(world, "assortativity_score")) < 0.1


def test_dealing_anew_moves_scores_and_records_together_and_leaves_words():
    world = world_of(detection=0.5, stakes=0.5)
    record = world.now.record.copy()
    deal_anew(world)
    now = world.now.record
    assert np.array_equal(expression_of(now), expression_of(record))
    assert not np.array_equal(score_of(now), score_of(record))

    def pairs(words):
        return sorted(zip(score_of(words).tolist(), is_flagged(words).tolist(), strict=True))

    assert pairs(now) == pairs(record)


def test_without_scores_is_the_scenario_without_its_institution():
    off = without_scores(load("guilt_by_association").replace(conformity=0.7))
    assert off.citizens == load("guilt_by_association").replace(conformity=0.7).citizens
    assert off.institution.detection == 0.0
    assert off.institution.association_penalty == 0.0


def test_the_gap_in_friends_is_what_is_measured():
    world = world_of()
    values = measured(world)
    gap = measure(world, "degree_of_others") - measure(world, "degree_of_dissenters")
    assert values[ISOLATION] == gap


def test_two_operators_cannot_be_shuffled_as_one():
    with pytest.raises(InputError, match="two operators"):
        controls(load("two_operators"), 2, 5)


@pytest.mark.theory
def test_what_is_claimed_of_friendship_is_the_scores_doing_and_what_is_not():
    """The README's claims. Isolation of dissenters is the score's doing: gone without scores, gone
    when records name anybody. That the like-minded are friends is not: it is there without."""
    found = controls(load("guilt_by_association").replace(citizens=500), 10, 150)
    by = {(one.measure, one.control): one for one in found.contrasts}
    for control in ("score off", "shuffled"):
        gap = by[ISOLATION, control]
        assert gap.difference - gap.half_width > 0.0, control
        assert abs(gap.mean) < 0.15, control
        score = by["assortativity_score", control]
        assert score.difference - score.half_width > 0.0
    like_minded = by["assortativity_conviction", "score off"]
    assert abs(like_minded.difference) < 0.04
    chance = by["assortativity_conviction", "rewired"]
    assert chance.difference - chance.half_width > 0.0


def test_the_command_tells_it_all():
    told = subprocess.run(
        [sys.executable, "-m", "experiments.cli", "controls", "guilt_by_association",
         "--replicates", "2", "--citizens", "100", "--periods", "20", "--json"],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    told = json.loads(told.stdout)
    assert {one["control"] for one in told["contrasts"]} == {"score off", "shuffled", "rewired"}
    assert {one["measure"] for one in told["contrasts"]} == set(told["means"])
