"""Measures against their definitions, written plainly or taken from networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import InputError
from model.measures import MEASURES, cheap_names, measure, measure_many
from model.measures.registry import Observation
from model.measures.scores import bunching, polynomial_through
from model.measures.survey import people_in_largest_component
from model.ties import Ties
from model.world import World


@pytest.fixture(scope="module")
def world():
    world = World(citizens=800, friendship_value=0.1, association_pull=0.05, detection=0.4)
    world.run(60)
    return world


@pytest.fixture(scope="module")
def graph(world):
    graph = nx.empty_graph(world.citizens)
    source, target = world.ties.edges()
    graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    return graph


def test_measures_look_and_never_touch(world):
    before = world.fingerprint()
    values = measure_many(world)
    assert world.fingerprint() == before
    assert list(values) == [name for name, entry in MEASURES.items() if not entry.of]
    assert all(np.isfinite(value) for value in values.values())


def test_every_measure_is_declared_whole():
    for entry in MEASURES.values():
        assert entry.meaning
        assert entry.source
    assert list(MEASURES)[: len(cheap_names())] == cheap_names()


def test_shares(world):
    x, c = world.expression, world.conviction
    m = measure_many(world)
    critics = c > 0
    assert m["dissent"] == (x > 0).mean()
    assert m["praise"] == (x < 0).mean()
    assert m["dissent"] + m["praise"] + m["silence"] == pytest.approx(1)
    assert m["self_censorship"] == pytest.approx((x[critics] <= 0).mean())
    assert m["critics_silent"] == pytest.approx((x[critics] == 0).mean())
    assert m["critics_praising"] == pytest.approx((x[critics] < 0).mean())
    assert m["critics_silent"] + m["critics_praising"] == pytest.approx(m["self_censorship"])
    assert m["falsification_gap"] == pytest.approx(c.mean() - x.mean(), abs=1e-6)
    assert m["flagged"] == world.flagged.mean()


def test_scores(world):
    s = world.score.astype(float)
    m = measure_many(world)
    differences = np.abs(s[:, None] - s[None, :]).mean()
    assert m["score_gini"] == pytest.approx(differences / (2 * s.mean()))
    assert m["mean_score"] == pytest.approx(s.mean())
    assert m["score_median"] == pytest.approx(np.median(s))
    assert m["travel_permits"] == (s >= 700).mean()
    assert m["better_visas"] == (s >= 750).mean()


def test_network_measures_against_networkx(world, graph):
    m = measure_many(world)
    for name, column in (("score", world.score), ("conviction", world.conviction)):
        nx.set_node_attributes(graph, dict(enumerate(column.tolist())), name)
        expected = nx.numeric_assortativity_coefficient(graph, name)
        assert m[f"assortativity_{name}"] == pytest.approx(expected, abs=1e-6)
    assert m["clustering"] == pytest.approx(nx.average_clustering(graph))
    largest = max(nx.connected_components(graph), key=len)
    assert m["largest_component"] == len(largest) / world.citizens
    assert m["isolates"] == sum(1 for _ in nx.isolates(graph)) / world.citizens
    critic = world.conviction > 0
    across = sum(critic[i] != critic[j] for i, j in graph.edges)
    total = graph.number_of_edges()
    assert m["ei_index"] == pytest.approx((across - (total - across)) / total)
    degree = np.array([d for _, d in sorted(graph.degree)])
    dissents = world.expression > 0
    assert m["degree_of_dissenters"] == pytest.approx(degree[dissents].mean())
    assert m["degree_of_others"] == pytest.approx(degree[~dissents].mean())


def test_clustering_where_many_share_a_place_in_the_small_table():
    """Of 20,000 people and 16,384 places some friends' numbers fall together."""
    world = World(citizens=20_000, mean_degree=6)
    graph = nx.Graph(zip(*(ends.tolist() for ends in world.ties.edges()), strict=True))
    graph.add_nodes_from(range(20_000))
    assert measure(world, "clustering") == pytest.approx(nx.average_clustering(graph))


def test_the_largest_component_by_hand():
    ties = Ties(6, np.array([0, 1, 3], np.int32), np.array([1, 2, 4], np.int32), 6)
    assert people_in_largest_component(ties.arrays) == 3


@given(st.integers(1, 60), st.integers(0, 2**32 - 1), st.floats(0.0, 2.5))
@settings(deadline=None)  # the first example waits for the compiler
def test_the_largest_component_against_networkx(citizens, seed, friends):
    """Around one friend each, where chains are long and few."""
    graph = nx.gnm_random_graph(citizens, int(citizens * friends / 2), seed=seed)
    ends = np.array(sorted(tuple(sorted(edge)) for edge in graph.edges), np.int32).reshape(-1, 2)
    ties = Ties(citizens, ends[:, 0], ends[:, 1], citizens)
    largest = max(map(len, nx.connected_components(graph)))
    assert people_in_largest_component(ties.arrays) == largest


def test_pluralistic_ignorance(world, graph):
    x = world.expression
    local = [abs(x.mean() - x[list(graph[i])].mean()) for i in graph if graph.degree(i)]
    assert measure(world, "pluralistic_ignorance") == pytest.approx(np.mean(local) / 2)


def test_exposure_to_dissent(world, graph):
    x = world.expression
    local = [(x[list(graph[i])] > 0).mean() for i in graph if graph.degree(i)]
    assert 0.0 < measure(world, "exposure_to_dissent") == pytest.approx(np.mean(local))


def test_who_stands_just_above_the_travel_threshold(world):
    s = world.score
    found = measure(world, "near_travel")
    assert 0.0 < found == ((s >= 700.0) & (s < 720.0)).mean()


def test_ties_are_counted(world):
    m = measure_many(world)
    assert m["ties_cut"] > 0
    assert m["mean_degree"] == pytest.approx(10 + 2 * (m["ties_formed"] - m["ties_cut"]))
    assert m["ties_cut_from_dissenters"] <= m["ties_cut"]


def test_the_smooth_counterfactual_is_the_least_squares_polynomial():
    generator = np.random.default_rng(3)
    x = np.sort(generator.uniform(-0.9, 0.9, 90))
    y, counts = generator.normal(size=90), generator.integers(1, 200, 90).astype(float)
    wanted = np.polynomial.Polynomial.fit(x, y, 4, w=np.sqrt(counts))
    at = np.linspace(0.0, 0.3, 4)
    assert polynomial_through(x, y, counts, 4, at) == pytest.approx(wanted(at), rel=1e-9)


def test_bunching_finds_the_mass_that_was_put_there():
    n = 40_000
    rng = np.random.default_rng(1)
    scores = rng.normal(680, 60, n).clip(360, 940)
    smooth = World("no_institution", citizens=n, mean_degree=0.0, given={"score": scores})
    threshold = 700.0
    assert bunching(Observation(smooth), threshold) == pytest.approx(0, abs=0.006)
    # those a little short of the threshold make up for it: all within 20 points below
    short = (scores > 680) & (scores < 700)
    moved = scores.copy()
    moved[short] += 20
    bunched = World("no_institution", citizens=n, mean_degree=0.0, given={"score": moved})
    assert bunching(Observation(bunched), threshold) == pytest.approx(short.mean(), abs=0.012)
    assert bunching(Observation(bunched), 750.0) == pytest.approx(0, abs=0.006)


def test_measures_of_nobody_are_nan_not_an_error():
    world = World("no_institution", citizens=3, mean_degree=0.0, conviction_mean=-1.0,
                  conviction_spread=0.0)  # fmt: skip
    m = measure_many(world)
    assert np.isnan(m["degree_of_dissenters"])
    assert np.isnan(m["self_censorship"])
    assert np.isnan(m["assortativity_score"])
    assert m["isolates"] == 1.0


def test_unknown_measures_are_refused(world):
    with pytest.raises(InputError, match="did you mean 'dissent'"):
        measure_many(world, ["disent"])


def test_what_heaps_up_just_below_a_threshold_is_no_bunching_above_it():
    rng = np.random.default_rng(5)
    n = 50_000
    scores = np.clip(rng.normal(650, 90, n), 350, 950)
    scores[: n // 20] = 700.5
    world = World(citizens=n, travel_threshold=702.0, given={"score": scores})
    assert abs(bunching(Observation(world), 702.0)) < 0.01
    world = World(citizens=n, travel_threshold=700.0, given={"score": scores})
    assert bunching(Observation(world), 700.0) == pytest.approx(0.05, abs=0.01)
