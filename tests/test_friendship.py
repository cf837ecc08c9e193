"""Whom one leaves, whom one meets and who comes first, by hand."""

import networkx as nx
import numpy as np
import pytest

from model.chance import key_of
from model.engine.settling import first_to_settle
from model.glance import costliest_friend, find_stranger
from model.parameters import citizens_record, institution_record
from model.record import pack
from model.rules.friendship import accepts, leaves
from model.rules.records import CitizenState, Person
from model.rules.scoring import weighted_table
from model.scenario import load
from model.state import state_of
from model.world import World

ME = CitizenState(0.0, 0.0, 1.0, 0.0, 0.5, 650.0, 650.0, 0.0, 0.0, 0.0, 1.0, -1.0)
SETTINGS = dict(
    association_penalty=60.0, foresight=10.0, stakes=1.0, material=1.0, rationality=float("inf"),
    travel_value=0.0, visa_value=0.0,
)  # fmt: skip


def rules(**changes):
    scenario = load("guilt_by_association").replace(**{**SETTINGS, **changes})
    return (
        institution_record(scenario.institution),
        citizens_record(scenario.citizens, scenario.institution),
    )


@pytest.mark.parametrize("own_rule", [False, True])
def test_the_costliest_friend_is_the_one_reviewed(own_rule):
    """Of four friends one is on record for an opinion and one for forbidden news."""
    world = World(network=nx.star_graph(4), news_gravity=2.0)
    for friend, gravity in ((1, 0.0), (2, 1.0), (3, 2.0), (4, 0.0)):
        world.now.record[friend] = pack(650.0, 1.0, gravity)
    me = state_of(0, world.traits, world.now, world.institution_record)
    for u in np.linspace(0.01, 0.99, 25):
        found = costliest_friend(
            0, world.ties.arrays, world.now, me, world.institution_record, weighted_table,
            own_rule, False, u,
        )  # fmt: skip
        assert found == 3


def test_equally_costly_friends_are_reviewed_equally_often():
    world = World(network=nx.star_graph(4))
    world.now.record[1:] = pack(650.0, 1.0, 1.0)
    me = state_of(0, world.traits, world.now, world.institution_record)
    found = [
        costliest_friend(
            0,
            world.ties.arrays,
            world.now,
            me,
            world.institution_record,
            weighted_table,
            False,
            False,
            u,
        )
        for u in (np.arange(100) + 0.5) / 100
    ]
    assert np.bincount(found).tolist() == [0, 25, 25, 25, 25]


def test_a_newcomer_would_be_one_friend_among_one_more():
    """60 points among 2 + 1 friends: 20 a period, 200 over ten, a third of the range."""
    recorded = Person(650.0, 0.0, 1.0)
    for worth, wanted in ((0.30, False), (0.36, True)):
        institution, citizens = rules(friendship_value=worth)
        assert accepts(recorded, 2.0, ME, institution, citizens, weighted_table, 0.5) is wanted, (
            worth
        )


def test_a_friend_is_one_among_those_one_has():
    """60 points among 3 friends: the same third of the range, against what the friend is worth."""
    recorded = Person(650.0, 0.0, 1.0)
    for worth, left in ((0.30, True), (0.36, False)):
        institution, citizens = rules(friendship_value=worth)
        assert leaves(recorded, 3.0, ME, institution, citizens, weighted_table, 0.5) is left, worth


@pytest.mark.parametrize(("visibility", "wanted"), [("public", False), ("friends", True)])
def test_a_strangers_record_counts_where_it_can_be_looked_up(visibility, wanted):
    institution, citizens = rules(friendship_value=0.1, visibility=visibility)
    recorded = Person(650.0, 0.0, 1.0)
    assert accepts(recorded, 2.0, ME, institution, citizens, weighted_table, 0.5) is wanted


def test_closure_finds_friends_of_friends_and_its_opposite_anybody():
    world = World(network=nx.path_graph(6))
    key = key_of(1)
    near = {find_stranger(0, world.ties.arrays, key, period, True) for period in range(200)}
    far = {find_stranger(0, world.ties.arrays, key, period, False) for period in range(200)}
    assert near == {-1, 2}, "the friend's friend, or oneself and so nobody"
    assert far == {-1, 2, 3, 4, 5}


def test_nobody_has_lasting_precedence_in_settling():
    firsts = [first_to_settle(5, key_of(3), period) for period in range(5000)]
    assert abs(np.bincount(firsts, minlength=5) - 1000).max() < 150  # five standard errors
