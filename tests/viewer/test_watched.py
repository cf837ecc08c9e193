"""A world that is watched: nothing of it is lost or altered by watching."""

import numpy as np
import pytest

from experiments.viewer.watched import SERIES, Watched
from model.errors import InputError
from model.measures import measure
from model.scenario import bundled, load
from model.state import CUT, FORMED
from model.world import World

HARSH = dict(detection=0.5, friendship_value=0.1, citizens=300)


def lived(watched, periods):
    for _ in range(periods):
        watched.step()
    return watched


def edges(world):
    return set(zip(*(column.tolist() for column in world.ties.edges()), strict=True))


@pytest.mark.parametrize("name", bundled())
def test_ties_at_first_with_all_that_was_told_give_the_ties_now(name):
    watched = Watched(load(name).replace(citizens=200, friendship_value=0.2, seed=3))
    known = edges(watched.world)
    for periods in (1, 2, 1, 5, 1, 10, 10):  # also where several lie between two looks
        lived(watched, periods)
        gone, come = watched.take_changes()
        known -= {tuple(pair) for pair in gone.tolist()}
        known |= {tuple(pair) for pair in come.tolist()}
        assert known == edges(watched.world)
    plain = World(watched.scenario, threads=1)
    plain.run(30)
    assert plain.fingerprint() == watched.world.fingerprint(), "watching changes nothing"


def test_what_is_told_of_ties_is_what_the_world_counts():
    watched = lived(Watched(load().replace(**HARSH)), 60)
    events = np.concatenate(watched.events)
    left = (events["kind"] == 0).sum()
    begun = (events["kind"] == 9).sum()
    assert left > 50
    assert (events["doing"][events["kind"] == 0] > 0).all(), "somebody left"
    # a tie that ended and began again within a period is counted by the world alone
    assert left == pytest.approx(watched.world.counts[CUT], rel=0.05)
    assert begun == pytest.approx(watched.world.counts[FORMED], rel=0.05)
    assert sum(row[-2] for row in watched.series) == watched.world.counts[CUT]
    assert sum(row[-1] for row in watched.series) == watched.world.counts[FORMED]


def test_the_series_is_what_the_model_measures():
    watched = lived(Watched(load().replace(**HARSH)), 5)
    for name, value in zip(SERIES, watched.series[-1][1:], strict=False):
        assert value == measure(watched.world, name)
    assert [row[0] for row in watched.series] == [0, 1, 2, 3, 4, 5]


def test_arrests_are_told_as_such():
    watched = lived(Watched(load("arrests").replace(arrest=0.5, tie_loss=0.5, citizens=300)), 20)
    events = np.concatenate(watched.events)
    assert (events["kind"] == 1).sum() > 20


def test_a_story_names_friends_on_both_sides():
    watched = lived(Watched(load().replace(**HARSH)), 60)
    events = np.concatenate(watched.events)
    one = events[(events["kind"] == 0) & (events["doing"] == 1)][-1]
    leaver, other = int(one["i"]), int(one["j"])
    own = [e for e in watched.story(leaver)["events"]
           if e["friend"] == other and e["period"] == one["period"]]  # fmt: skip
    theirs = [e for e in watched.story(other)["events"]
              if e["friend"] == leaver and e["period"] == one["period"]]  # fmt: skip
    assert [(e["kind"], e["own"], e["friends"]) for e in own] == [("left", True, False)]
    assert [(e["kind"], e["own"], e["friends"]) for e in theirs] == [("left", False, True)]
    assert own[0]["score"] == pytest.approx(float(one["score_j"]))
    story = watched.story(leaver)
    assert story["said"][-1] == watched.world.expression[leaver]
    assert len(story["said"]) == 61
    assert sorted(story["friends"]) == story["friends"]
    assert len(story["friends"]) == watched.world.ties.arrays.degree[leaver]


def test_who_left_had_reason_to():
    """Friends who were left had dissented more often than friends at large."""
    watched = lived(Watched(load().replace(**HARSH)), 60)
    events = np.concatenate(watched.events)
    left = events[(events["kind"] == 0) & (events["doing"] == 1)]
    assert (left["said_j"] == 1).mean() > 2.0 * np.mean([row[1] for row in watched.series[10:]])


@pytest.mark.parametrize(
    "name", ["guilt_by_association", "two_operators", "barred_speakers", "counterculture"]
)
def test_a_change_while_it_lives_is_a_step_of_the_program(name):
    scenario = load(name).replace(citizens=200)
    watched = lived(Watched(scenario), 12)
    assert watched.change("detection", 0.6) == 0
    assert watched.change("detection", 0.7) == 0  # the slider moved on
    lived(watched, 10)
    watched.change("dissent_penalty", 80.0)
    lived(watched, 5)
    program = [change.model_dump(exclude_none=True, by_alias=True) for change in scenario.program]
    twin = World(scenario.replace(program=[
        *program, {"parameter": "detection", "at": 13, "to": 0.7},
        {"parameter": "dissent_penalty", "at": 23, "to": 80.0},
    ]), threads=1)  # fmt: skip
    twin.run(27)
    assert twin.fingerprint() == watched.world.fingerprint()
    again = World(watched.scenario, threads=1)
    again.run(27)
    assert again.fingerprint() == twin.fingerprint()


def test_a_mechanism_that_is_turned_on_has_the_same_past():
    watched = lived(Watched(load().replace(**HARSH)), 15)
    before = [list(row) for row in watched.series]
    said = [one.copy() for one in watched.said]
    assert watched.change("arrest", 0.5) == 15
    lived(watched, 15)
    assert watched.series == before
    assert all(np.array_equal(a, b) for a, b in zip(said, watched.said, strict=True))
    lived(watched, 10)
    assert watched.world.counts[3] > 0, "people are arrested now"
    twin = World(load().replace(**HARSH, program=[{"parameter": "arrest", "at": 16, "to": 0.5}]),
                 threads=1)  # fmt: skip
    twin.run(25)
    assert twin.fingerprint() == watched.world.fingerprint()


def test_before_the_first_period_a_change_is_the_scenarios():
    watched = Watched(load().replace(citizens=100))
    watched.change("detection", 0.4)
    assert watched.scenario == load().replace(citizens=100, detection=0.4)
    assert watched.scenario.program == ()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("detection", 1.5, "detection"), ("conformity", 0.2, "no parameter of the institution"),
     ("detektion", 0.2, "did you mean 'detection'"), ("mandatory_from", 5.0, "date itself"),
     ("detection", "high", "detection")],
)  # fmt: skip
def test_a_change_that_cannot_be_changes_nothing(name, value, told):
    watched = lived(Watched(load().replace(citizens=100)), 3)
    before, scenario = watched.world.fingerprint(), watched.scenario
    with pytest.raises(InputError, match=told):
        watched.change(name, value)
    assert watched.world.fingerprint() == before
    assert watched.scenario == scenario


def test_on_a_real_network_too(facebook):
    network = World(network=facebook, threads=1).network
    watched = lived(Watched(load(), network), 10)
    known = edges(World(network=facebook, threads=1))
    gone, come = watched.take_changes()
    known -= {tuple(pair) for pair in gone.tolist()}
    known |= {tuple(pair) for pair in come.tolist()}
    assert known == edges(watched.world)
    assert watched.world.citizens == 4_039
