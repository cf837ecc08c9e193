"""The baselines of the benchmark do the work that they claim to do."""

import numpy as np
import pytest

from experiments.bench.idiomatic import HandTunedSociety, SparseSociety
from model.measures import measure
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
