"""Friend slots against a plain graph, under any sequence of endings and beginnings."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.ties import Ties, are_friends, end_tie, form_tie, has_space
from model.world import World

PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), min_size=1, max_size=120
)


@pytest.mark.property
@settings(deadline=None)
@given(PAIRS, st.integers(1, 9))
def test_any_sequence_of_changes_matches_a_graph(changes, bound):
    graph = nx.cycle_graph(10)
    edges = np.array(sorted(tuple(sorted(edge)) for edge in graph.edges), np.int32)
    ties = Ties(10, edges[:, 0], edges[:, 1], bound)
    for i, j, end in changes:
        if i == j:
            continue
        assert are_friends(ties.arrays, i, j) == graph.has_edge(i, j)
        if end:
            assert end_tie(ties.arrays, i, j) == graph.has_edge(i, j)
            if graph.has_edge(i, j):
                graph.remove_edge(i, j)
        else:
            if not has_space(ties.arrays, ties.max_friends):
                ties.grow()
            possible = not graph.has_edge(i, j) and max(graph.degree(i), graph.degree(j)) < bound
            assert form_tie(ties.arrays, i, j, ties.max_friends) == possible
            if possible:
                graph.add_edge(i, j)
        assert ties.count() == graph.number_of_edges()
    for i in range(10):
        assert sorted(ties.friends_of(i).tolist()) == sorted(graph[i])
    source, target = ties.edges()
    assert {*zip(source.tolist(), target.tolist(), strict=True)} == {
        tuple(sorted(edge)) for edge in graph.edges
    }


def test_no_row_ever_moves_beyond_the_space():
    graph = nx.cycle_graph(200)
    source, target = np.array(sorted(tuple(sorted(edge)) for edge in graph.edges), np.int32).T
    ties = Ties(200, source, target, 8)
    luck = np.random.default_rng(1)
    grown = 0
    for i, j in luck.integers(0, 200, (4000, 2)).tolist():
        if i == j:
            continue
        if not has_space(ties.arrays, ties.max_friends):
            ties.grow()
            grown += 1
        if form_tie(ties.arrays, i, j, ties.max_friends):
            graph.add_edge(i, j)
        assert ties.arrays.used[0] <= len(ties.arrays.friend)
    assert grown > 1
    assert all(sorted(ties.friends_of(i).tolist()) == sorted(graph[i]) for i in graph)


def test_growing_keeps_the_order_of_friends():
    ties = Ties(4, np.array([0, 0, 1], np.int32), np.array([1, 2, 3], np.int32), 3)
    assert ties.friends_of(0).tolist() == [1, 2]
    end_tie(ties.arrays, 0, 1)
    form_tie(ties.arrays, 0, 3, 3)
    before = [ties.friends_of(i).tolist() for i in range(4)]
    ties.grow()
    assert [ties.friends_of(i).tolist() for i in range(4)] == before == [[2, 3], [3], [0], [1, 0]]


def test_a_million_slots_stay_small():
    n = 20_000
    source = np.repeat(np.arange(n, dtype=np.int32), 5)
    target = ((source + np.tile(np.arange(1, 6, dtype=np.int32), n)) % n).astype(np.int32)
    low, high = np.minimum(source, target), np.maximum(source, target)
    order = np.lexsort((high, low))
    ties = Ties(n, low[order], high[order], 150)
    assert ties.nbytes() <= 16 * 2 * ties.count()


def test_ties_listed_in_parts_are_those_listed_whole():
    """A fingerprint of millions goes through them so."""
    ties = World(citizens=1_000, generator="barabasi_albert").ties
    whole = ties.edges()
    for step in (1, 37, 1_000, 5_000):
        parts = [ties.edges(begin, begin + step) for begin in range(0, 1_000, step)]
        for end in (0, 1):
            assert np.array_equal(np.concatenate([part[end] for part in parts]), whole[end])


def test_a_fingerprint_taken_in_parts_is_the_whole_one(monkeypatch):
    world = World(citizens=900)
    world.run(5)
    whole = world.fingerprint()
    monkeypatch.setattr("model.world._AT_A_TIME", 128)
    assert world.fingerprint() == whole
