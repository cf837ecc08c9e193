"""The baselines of the benchmark do the work that they claim to do."""

import networkx as nx
import numpy as np
import pytest

from experiments.bench import PARTS, QUICK, bench
from experiments.bench.growth import nation_figures
from experiments.bench.idiomatic import HandTunedSociety, SparseSociety
from experiments.bench.orders import by_bandwidth, by_degree, in_orders, moved
from experiments.bench.phases import STEPS, cut_off, timed_period
from model.errors import InputError
from model.measures import measure
from model.networks import build_network
from model.scenario import load
from model.world import World


def lived(society, periods, window):
    found = []
    for period in range(periods):
        society.step()
        if period >= periods - window:
            found.append(society.dissent())
    return np.mean(found)


def ours(seed, periods, window, **parameters):
    world = World(citizens=500, seed=seed, threads=1, **parameters)
    found = []
    for period in range(periods):
        world.step()
        if period >= periods - window:
            found.append(measure(world, "dissent"))
    return np.mean(found), measure(world, "mean_degree")


@pytest.mark.parametrize("periods", [12, 60])
def test_a_hand_tuned_mesa_model_comes_to_the_same(periods):
    """Same people and ties, other luck: dissent and friends agree within four standard errors."""
    theirs, own = [], []
    for seed in range(1, 9):
        society = HandTunedSociety(500, seed)
        dissent = lived(society, periods, 5)
        theirs.append((dissent, society.friendships()))
        own.append(ours(seed, periods, 5))
    difference = np.array(theirs) - np.array(own)
    error = difference.std(axis=0, ddof=1) / np.sqrt(len(difference))
    assert (abs(difference.mean(axis=0)) < 4 * error + 0.002).all(), difference.mean(axis=0)
    assert error[0] < 0.01


def test_a_sparse_matrix_comes_to_the_same_where_friendships_stay():
    theirs, own = [], []
    for seed in range(1, 13):
        theirs.append(lived(SparseSociety(500, seed), 60, 5))
        own.append(ours(seed, 60, 5, review=0.0, sociability=0.0)[0])
    difference = np.array(theirs) - np.array(own)
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    assert abs(difference.mean()) < 4 * error
    assert error < 0.01


def test_a_period_cut_into_phases_is_the_engines_period():
    """Else the phases would be those of something else."""
    world, plain = (World(citizens=3_000, threads=1, seed=4) for _ in range(2))
    first_steps = cut_off(world.scenario.citizens.expression_rule.name)
    for _ in range(5):
        seconds = timed_period(world, first_steps)
        assert len(seconds) == len(STEPS) + 2
    plain.run(5)
    assert world.fingerprint() == plain.fingerprint()


def test_what_is_measured_unless_a_part_is_named(monkeypatch):
    """The chief parts if quick; else all but those that want a machine to themselves."""
    for part in PARTS:
        monkeypatch.setitem(PARTS, part, lambda quick, part=part: [(part, quick)])
    assert bench(True) == [(part, True) for part in QUICK]
    assert [part for part, _ in bench(False)] == [p for p in PARTS if p != "nation"]
    assert bench(True, "nation") == [("nation", True)]


def test_a_nation_is_refused_where_it_has_no_room(monkeypatch):
    pages = {"SC_PHYS_PAGES": 2_000_000, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr("os.sysconf", pages.__getitem__)
    with pytest.raises(InputError, match="take 12 GB; this machine has 8 GB"):
        nation_figures(quick=False)


def test_a_network_in_another_order_is_the_same_network():
    network = build_network(load().replace(citizens=300, generator="barabasi_albert"))
    graph = nx.Graph(zip(network.source.tolist(), network.target.tolist(), strict=True))
    for find in (by_degree, by_bandwidth):
        places = find(network)
        assert sorted(places.tolist()) == list(range(300))
        other = moved(network, places)
        expected = {tuple(sorted((places[u], places[v]))) for u, v in graph.edges}
        assert set(zip(other.source.tolist(), other.target.tolist(), strict=True)) == expected
    first = moved(network, by_degree(network))
    degree = np.bincount(np.concatenate([first.source, first.target]))
    assert (np.diff(degree) <= 0).all(), "most friends come first"


def test_every_order_is_compared_with_the_scrambled_one():
    found = in_orders("small world", "along its ring", 400, 1, generator="watts_strogatz")
    assert [figure.name.split(": ")[1] for figure in found] == [
        f"{order} / scrambled"
        for order in ("along its ring", "reverse Cuthill–McKee", "most friends first")
    ]
    assert all(figure.value > 0.0 for figure in found)
