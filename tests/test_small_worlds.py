"""Worlds of a few people, by hand: who is flagged, what each loses, which tie ends and why."""

import networkx as nx
import numpy as np
import pytest

from model.society import Society
from model.world import World

SURE = dict(
    rationality=float("inf"), detection=1.0, news_exposure=0.0, review=1.0, sociability=0.0,
    solidarity=0.0, friendship_value=0.1, influence=0.0, internalisation=0.0, anchoring=0.0,
    recovery=0.05, dissent_penalty=20.0, association_penalty=30.0, praise_reward=1.0,
    foresight=10.0, stakes=2.0, effort=0.25, material=1.0,
)  # fmt: skip
# Ann speaks whatever it costs; Ben and Col have nothing to say, and care for their scores.
LINE = nx.Graph([("Ann", "Ben"), ("Ben", "Col")])
PEOPLE = dict(
    conviction=[1.0, 0.0, 0.0], self_censorship=[0.0, 1.0, 1.0], conformity=[0.0, 0.0, 0.0],
    wealth=[0.5, 0.5, 0.5],
)  # fmt: skip
ANN, BEN, COL = range(3)


def worlds(**changes):
    settings = {**SURE, **changes}
    yield World(network=LINE, given=PEOPLE, **settings)
    yield Society(network=LINE, given=PEOPLE, rng=1, **settings)


def inner(world):
    return world.world if isinstance(world, Society) else world


@pytest.mark.parametrize("engine", [0, 1], ids=["compiled", "mesa"])
def test_three_people_in_a_line(engine):
    walker = list(worlds())[engine]
    world = inner(walker)
    assert world.labels == ["Ann", "Ben", "Col"]
    assert world.score.tolist() == [650.0, 650.0, 650.0]

    walker.step()
    # Ann: U(+1) = 1 − 0 − .25 > 0. Ben, Col: U(−1) = 2·(10/600) − .25 < 0: silent.
    assert world.expression.tolist() == [1.0, 0.0, 0.0]
    assert world.flagged.tolist() == [True, False, False]
    assert world.score.tolist() == [630.0, 650.0, 650.0]  # nobody was flagged a period ago
    assert world.counts.tolist()[:3] == [0, 0, 0]

    walker.step()
    # Ann: 630 + .05·20 − 20. Ben: half of his friends are flagged, −15. Col: Ben is blameless.
    assert world.score.tolist() == [611.0, 635.0, 650.0]
    # Ann costs Ben 15 points a period, 150 over ten: ¼ of the range, times κλ = 2: ½ > worth .1.
    assert world.ties.friends_of(BEN).tolist() == [COL]
    assert world.ties.friends_of(ANN).tolist() == []
    assert world.counts.tolist()[:3] == [1, 0, 1]  # one tie cut, once, from a dissenter

    walker.step()
    # Ann: 611 + .05·39 − 20. Ben: nobody harms him any more, 635 + .05·15.
    assert world.score.tolist() == pytest.approx([592.95, 635.75, 650.0], abs=1e-4)
    assert world.counts.tolist()[:3] == [1, 0, 1]


def test_a_dear_friend_is_kept():
    # the same harm (½) against a friendship worth .6
    for walker in worlds(friendship_value=0.6):
        for _ in range(3):
            walker.step()
        assert inner(walker).ties.count() == 2


def test_a_benefit_at_stake_makes_the_friend_dearer_to_keep():
    # Ben's 650 − 150 crosses nothing; from 720 it costs the travel permit as well: ½ + 2·.25
    richer = dict(PEOPLE, wealth=[0.5, 0.675, 0.5])
    for value, kept in ((0.9, 1), (1.1, 2)):
        world = World(network=LINE, given=richer, **{**SURE, "friendship_value": value})
        world.run(2)
        assert world.ties.count() == kept


@pytest.mark.parametrize(("visibility", "left"), [("public", 1), ("friends", 1), ("private", 2)])
def test_nobody_is_left_for_what_cannot_be_seen(visibility, left):
    for walker in worlds(visibility=visibility):
        for _ in range(3):
            walker.step()
        assert inner(walker).ties.count() == left


@pytest.mark.parametrize(("rule", "lost"), [("mean", 15.0), ("count", 30.0), ("worst", 30.0)])
def test_what_ben_loses_under_each_association_rule(rule, lost):
    world = World(network=LINE, given=PEOPLE, **{**SURE, "association_rule": rule})
    world.run(2)
    assert world.score[BEN] == 650.0 - lost


def test_a_lonely_person_lives_on():
    graph = nx.Graph([("a", "b")])
    graph.add_node("c")
    world = World(network=graph, citizens=3)
    world.run(20)
    assert world.labels == ["a", "b", "c"]
    assert np.isfinite(world.score).all()
    assert world.ties.friends_of(2).tolist() == []  # began with no friend and wants none


def test_a_world_of_one():
    world = World(network=nx.empty_graph(1))
    world.run(5)
    assert world.ties.count() == 0


def test_in_random_order_news_travels_within_a_period():
    # everybody dissents once one friend does; the first speaker's threshold is 0
    path = nx.path_graph(50)
    given = dict(conviction=np.ones(50), self_censorship=[0.0] + [0.5] * 49)
    settings = dict(expression_rule="threshold", network=path, given=given)
    slow = World("no_institution", **settings)
    slow.run(3)
    assert slow.expression.tolist() == [1.0] * 3 + [0.0] * 47
    fast = World("no_institution", **settings, schedule="random_order")
    fast.run(3)
    assert fast.expression.sum() > 3
