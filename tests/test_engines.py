"""The engines give the same bits: every scenario, network, schedule and number of threads."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.life import (
    BARRED,
    DETAINED,
    ENROLLED,
    FLAUNTING,
    OFF_GRID,
    PRESSING,
    RESISTING,
)
from model.measures import MEASURES, measure_many
from model.scenario import bundled
from model.society import Society
from model.world import World

CASES = [
    dict(generator="watts_strogatz"),
    dict(generator="barabasi_albert", association_rule="count"),
    dict(generator="erdos_renyi", mean_degree=4.0, visibility="friends"),
    dict(generator="stochastic_block", association_rule="worst", visibility="private"),
    dict(generator="powerlaw_cluster", association_pull=0.1, precarity=1.5),
    dict(generator="complete", expression_rule="threshold", self_censorship=0.1),
    dict(generator="karate", rationality=float("inf"), reactance=0.2),
    dict(detection=0.6, false_alarm=0.05, friendship_value=0.05, max_friends=11, sociability=0.9),
    dict(
        mandatory_from=6.0,
        adoption=0.5,
        flaunting=0.4,
        approved_reward=5.0,
        exit=0.1,
        wealth_feedback=0.2,
        learning=0.2,
        association_pull=0.01,
    ),
    dict(arrest=0.5, tie_loss=0.3, stakes=0.5, detention=3, whitelist_after=4, turnover=0.05),
    dict(follows=5, reach=0.2, guilt_by_following=0.5, stakes=0.5, audience_value=3.0),
    dict(operators="worst", association_rule="worst", stakes=0.5, disapproved_penalty=5.0),
    dict(operators="merged", association_rule="count", stakes=0.5, peer_pressure=0.8),
    dict(expression_rule="strategic", adaptation_rule="hill_climbing", punishment="proportional"),
    dict(expression_rule="linear", influence=0.3, anchoring=0.2, internalisation=0.1),
    dict(expression_rule="linear", operators="mean", association_rule="count"),
    dict(expression_rule="spiral", self_censorship=0.2, turnover=0.05),
    dict(
        adaptation_rule="proportional",
        adapts=("association_penalty", "detection"),
        program=[{"parameter": "visibility", "at": 4, "to": "friends"}],
    ),
]


def same_all_along(a, b, periods):
    for period in range(periods):
        assert a.fingerprint() == b.fingerprint(), f"after {period} periods"
        a.step()
        b.step()
    assert a.fingerprint() == b.fingerprint()


@pytest.mark.parametrize("schedule", ["synchronous", "random_order"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(map(str, [*case][:3])))
def test_mesa_and_compiled_engine_agree_period_by_period(case, schedule):
    settings = {"citizens": 80, "schedule": schedule, "seed": 9, **case}
    if case.get("generator") != "karate":  # who speaks under a threshold needs somebody to begin
        settings["given"] = {"expression": np.arange(80) % 2}
    a, b = World(**settings), Society(**settings)
    same_all_along(a, b, 12)
    assert 0 < (a.expression > 0).mean() < 1, "a society in which nothing happens tests nothing"


def test_the_cases_set_every_mechanism_going():
    """Else their agreement would say nothing about it."""
    happened = set()
    for case in CASES:
        if case.get("generator") == "karate":
            continue
        world = World(**{"citizens": 80, "seed": 9, **case})
        followed = world.ties.arrays.following.sum()
        world.run(12)
        values = measure_many(world, [name for name, entry in MEASURES.items() if entry.of])
        happened |= {name for name, value in values.items() if value > 0.0}
        happened |= {"unfollowed"} if world.ties.arrays.following.sum() < followed else set()
    assert happened >= {
        "enrolled", "flaunting", "lifestyle_adapted", "detained", "arrests",
        "ties_lost_to_arrests", "whitelisted", "barred", "mean_belief", "off_grid", "mean_wealth",
        "pressing", "resisting", "born", "ties_lost_to_death", "operators_apart", "unfollowed",
        "dissent_strength", "detection_in_force",
    }  # fmt: skip


@pytest.mark.parametrize("schedule", ["synchronous", "random_order"])
@pytest.mark.parametrize("scenario", list(bundled()))
def test_every_scenario_agrees(scenario, schedule):
    settings = {"citizens": 150, "schedule": schedule, "seed": 0}
    same_all_along(World(scenario, **settings), Society(scenario, **settings), 15)


@pytest.mark.parametrize("scenario", list(bundled()))
@pytest.mark.parametrize("expression_rule", ["quantal", "threshold"])
def test_threads_do_not_show(scenario, expression_rule):
    settings = {
        "citizens": 9000, "expression_rule": expression_rule, "friendship_value": 0.1,
        "self_censorship": 0.2, "given": {"expression": np.arange(9000) % 2},
    }  # fmt: skip
    serial, threaded = (World(scenario, threads=n, **settings) for n in (1, 2))
    same_all_along(serial, threaded, 12)
    assert not np.isnan(serial.score).any()
    assert 0 < (serial.expression > 0).mean() < 1


@pytest.mark.parametrize("schedule", ["synchronous", "random_order"])
@pytest.mark.parametrize("scenario", list(bundled()))
def test_engines_agree_on_a_real_network(facebook, scenario, schedule):
    settings = {"network": facebook, "schedule": schedule, "friendship_value": 0.1, "seed": 1}
    a, b = World(scenario, threads=1, **settings), Society(scenario, **settings)
    same_all_along(a, b, 2)
    threaded = World(scenario, threads=2, **settings)
    threaded.run(2)
    assert threaded.fingerprint() == a.fingerprint()


@pytest.mark.parametrize("schedule", ["synchronous", "random_order"])
def test_engines_agree_on_several_blocks_and_on_hubs(schedule):
    """More citizens than a block holds, one with more friends than records are added at once."""
    star = nx.star_graph(1100)
    star.add_edges_from((i, i + 1) for i in range(1, 1100))
    settings = {"network": star, "schedule": schedule, "detection": 0.5, "seed": 1}
    a, b, threaded = World(**settings), Society(**settings), World(**settings, threads=2)
    same_all_along(a, b, 3)
    threaded.run(3)
    assert a.fingerprint() == threaded.fingerprint()
    assert a.ties.arrays.degree.max() > 255


def test_same_seed_repeats_and_seeds_differ():
    prints = {}
    for seed in (0, 1, 2**32, 2**64 - 1):
        first, again = World(citizens=200, seed=seed), World(citizens=200, seed=seed)
        assert first.fingerprint() == again.fingerprint()
        first.run(5)
        again.run(5)
        assert first.fingerprint() == again.fingerprint()
        prints[first.fingerprint()] = seed
    assert len(prints) == 4


def test_rows_that_outgrow_their_space_move_without_a_trace():
    """A crowded start: everybody loses friends and finds others until rows have to move."""
    settings = dict(
        citizens=400, generator="erdos_renyi", mean_degree=6.0, detection=0.8,
        friendship_value=0.02,
        association_penalty=200.0, association_rule="count", sociability=1.0, review=1.0,
        self_censorship=0.2, closure=0.2, seed=5,
    )  # fmt: skip
    a, b = World(**settings), Society(**settings)
    began = a.ties.arrays.start.copy()
    for _ in range(60):
        a.step()
        b.step()
    assert (a.ties.arrays.start != began).any()
    assert a.fingerprint() == b.fingerprint()
    in_one_call = World(**settings)
    in_one_call.run(60)
    assert in_one_call.fingerprint() == a.fingerprint(), "space that runs out amid a call"
    for i in range(400):
        assert a.ties.friends_of(i).tolist() == b.world.ties.friends_of(i).tolist()


@pytest.mark.parametrize("scenario", ["guilt_by_association", "conduct_only", "exit", "arrests"])
def test_many_periods_in_one_call_are_as_many_calls(scenario):
    many, single, uneven = (World(scenario, citizens=300, seed=3) for _ in range(3))
    many.run(45)
    for _ in range(45):
        single.step()
    for periods in (1, 2, 17, 25):
        uneven.run(periods)
    assert many.period == single.period == uneven.period == 45
    assert many.fingerprint() == single.fingerprint() == uneven.fingerprint()


def check_invariants(world, first_degree, first_ties):
    assert world.score.min() >= 350
    assert world.score.max() <= 950
    assert np.abs(world.conviction).max() <= 1
    assert set(np.unique(world.expression)) <= {-1.0, 0.0, 1.0}
    degree = world.ties.arrays.degree
    assert (degree <= np.maximum(first_degree, world.max_friends)).all()
    rows = [set(world.ties.friends_of(i).tolist()) for i in range(world.citizens)]
    for i, row in enumerate(rows):
        assert len(row) == degree[i], "no duplicates"
        assert i not in row, "no self-ties"
        assert all(i in rows[j] for j in row), "symmetric"
    cut, formed, from_dissenters, _, to_arrests, to_deaths = world.counts
    ended = cut + to_arrests + to_deaths
    assert world.ties.count() == first_ties - ended + formed, "ended ties counted once"
    assert from_dissenters <= cut


@pytest.mark.property
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    citizens=st.integers(12, 60),
    seed=st.integers(0, 2**64 - 1),
    detection=st.floats(0, 1),
    false_alarm=st.floats(0, 1),
    dissent_penalty=st.floats(0, 600),
    association_penalty=st.floats(0, 600),
    association_rule=st.sampled_from(["mean", "count", "worst"]),
    association_pull=st.floats(0, 1),
    praise_reward=st.floats(0, 600),
    friendship_value=st.floats(0, 1),
    sociability=st.floats(0, 1),
    review=st.floats(0, 1),
    max_friends=st.integers(0, 30),
    reactance=st.floats(0, 1),
    influence=st.floats(0, 1),
    precarity=st.floats(0, 5),
    rationality=st.sampled_from([0.0, 1.0, 8.0, 1e300, float("inf")]),
    schedule=st.sampled_from(["synchronous", "random_order"]),
    generator=st.sampled_from(["watts_strogatz", "barabasi_albert", "erdos_renyi"]),
)
def test_bounds_and_conservation_for_any_parameters(citizens, **parameters):
    world = World(citizens=citizens, mean_degree=4.0, threads=1, **parameters)
    society = Society(citizens=citizens, mean_degree=4.0, **parameters)
    first_degree, first_ties = world.ties.arrays.degree.copy(), world.ties.count()
    for _ in range(6):
        world.step()
        society.step()
        check_invariants(world, first_degree, first_ties)
    assert world.fingerprint() == society.fingerprint()


@pytest.mark.property
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    citizens=st.integers(12, 60),
    seed=st.integers(0, 2**64 - 1),
    detection=st.floats(0, 1),
    false_alarm=st.floats(0, 1),
    mandatory_from=st.sampled_from([0.0, 3.0, float("inf")]),
    adoption=st.floats(0, 1),
    flaunting=st.floats(0, 1),
    approved_reward=st.floats(0, 600),
    flexibility=st.floats(0, 100),
    arrest=st.floats(0, 1),
    detention=st.integers(1, 5),
    tie_loss=st.floats(0, 1),
    reach=st.floats(0, 1),
    barred_for=st.integers(1, 4),
    follows=st.integers(0, 5),
    guilt_by_following=st.floats(0, 1),
    operators=st.sampled_from(["one", "mean", "worst", "merged"]),
    first_sees_ties=st.floats(0, 1),
    learning=st.floats(0, 1),
    exit=st.floats(0, 1),
    wealth_feedback=st.floats(0, 1),
    turnover=st.floats(0, 0.5),
    inheritance=st.floats(0, 1),
    peer_pressure=st.floats(0, 2),
    schedule=st.sampled_from(["synchronous", "random_order"]),
)
def test_bounds_and_conservation_with_all_mechanisms(citizens, **parameters):
    world = World(citizens=citizens, mean_degree=4.0, threads=1, whitelist_after=3, **parameters)
    society = Society(citizens=citizens, mean_degree=4.0, whitelist_after=3, **parameters)
    first_degree, first_ties = world.ties.arrays.degree.copy(), world.ties.count()
    for _ in range(6):
        world.step()
        society.step()
        check_invariants(world, first_degree, first_ties)
        check_lives(world)
    assert world.fingerprint() == society.fingerprint()


def check_lives(world):
    life = world.now.life

    def has(bit):
        return life.marks & bit != 0

    assert not (has(OFF_GRID) & has(ENROLLED)).any(), "who left carries no score"
    assert not (has(FLAUNTING) & ~has(ENROLLED)).any(), "nothing to show"
    assert (has(DETAINED) == (life.detained > 0)).all()
    assert (has(BARRED) == (life.barred > 0)).all()
    assert not (has(PRESSING) & has(RESISTING)).any()
    assert ((life.since > 0) == has(ENROLLED)).all()
    assert (life.stake >= 0).all()
    assert (np.abs(life.lifestyle) <= 1).all()
    assert ((life.wealth >= 0) & (life.wealth <= 1)).all()
    assert ((life.belief <= 1) & ((life.belief >= 0) | (life.belief == -1))).all()
    for scores in (life.first_score, life.second_score):
        assert ((scores >= 350) & (scores <= 950)).all()
    following = world.ties.arrays.following
    for i, count in enumerate(following.tolist()):
        each = len(world.ties.arrays.followed) // len(following)
        row = world.ties.arrays.followed[i * each : (i + 1) * each].tolist()
        assert len(set(row[:count])) == count, "nobody is followed twice"
        assert i not in row
        assert set(row[count:]) <= {-1}
