"""Null worlds: what they keep, what they break, and what they say of claims on friendship."""

import json
import subprocess
import sys
from pathlib import Path

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


def test_dealing_anew_moves_records_alone():
    world = world_of(detection=0.5, stakes=0.5)
    record = world.now.record.copy()
    deal_anew(world)
    now = world.now.record
    assert np.array_equal(expression_of(now), expression_of(record))
    assert np.array_equal(score_of(now), score_of(record))
    assert is_flagged(now).sum() == is_flagged(record).sum() > 10
    silent = expression_of(now) == 0.0
    assert not is_flagged(record)[silent].any()
    assert is_flagged(now)[silent].any(), "records now name the innocent"


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


@pytest.mark.parametrize("name", ["two_operators", "arrests", "barred_speakers", "whitelist"])
def test_where_records_lead_to_more_than_points_there_is_no_placebo(name):
    with pytest.raises(InputError, match="more than points"):
        controls(load(name), 2, 5)


def test_a_network_that_cannot_be_is_said_before_any_world():
    with pytest.raises(InputError):
        controls(load("guilt_by_association").replace(citizens=2), 2, 5)


@pytest.mark.theory
def test_what_is_claimed_of_friendship_and_what_the_null_worlds_say():
    """The README's claims. Isolation of dissenters is the records' doing: gone without them, gone
    when they name anybody, though as many friendships end. Assortativity by score is not a choice
    of friends: it is as large where no friendship ends. That the like-minded are friends is there
    without any score."""
    found = controls(load("guilt_by_association").replace(citizens=500), 12, 150)
    by = {(one.measure, one.control): one for one in found.contrasts}
    for control in ("score off", "placebo", "frozen"):
        assert by[ISOLATION, control].differs, control
        assert abs(by[ISOLATION, control].mean) < 0.15, control
    assert by["ties_cut", "placebo"].mean > 0.7 * found.means["ties_cut"]
    assert abs(by["dissent", "placebo"].difference) < 0.02
    assert by["assortativity_score", "score off"].differs
    assert by["assortativity_score", "frozen"].difference < 0.01
    assert abs(by["assortativity_conviction", "score off"].difference) < 0.04
    assert by["assortativity_conviction", "rewired"].differs


def test_the_readmes_null_worlds_are_what_the_command_gives(tmp_path):
    stored = Path(__file__).parents[2] / "results" / "controls.csv"
    subprocess.run(
        [sys.executable, "-m", "experiments.cli", "controls", "guilt_by_association",
         "--replicates", "20", "--out", str(tmp_path / "again.csv")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    assert (tmp_path / "again.csv").read_text() == stored.read_text()


def test_a_table_that_cannot_be_written_is_said_before_any_run(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "experiments.cli", "controls", "guilt_by_association",
         "--out", str(tmp_path / "nowhere" / "x.csv")],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "folder that exists" in done.stderr


def test_the_command_tells_it_all():
    told = subprocess.run(
        [sys.executable, "-m", "experiments.cli", "controls", "guilt_by_association",
         "--replicates", "2", "--citizens", "100", "--periods", "20", "--json"],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    told = json.loads(told.stdout)
    assert {one["control"] for one in told["contrasts"]} == {
        "score off", "placebo", "frozen", "rewired"
    }  # fmt: skip
    assert {one["measure"] for one in told["contrasts"]} == set(told["means"])
