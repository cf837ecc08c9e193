"""What the order of citizens in memory is worth: who lies near whom decides what a glance costs.

One society in several orders. Everybody's row and record move together; the network and the rules
are the same. Citizens' draws follow their numbers, so the histories are of equal kind, not equal.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from experiments.bench.figures import Figure, seconds_of
from model.networks import EdgeList, build_network
from model.networks.edges import from_ends
from model.scenario import load
from model.world import World

_IN_A_COMMUNITY = 200
Places = NDArray[np.int64]


def moved(network: EdgeList, places: Places) -> EdgeList:
    """The same network with everybody at another place: ``places[i]`` is the new number of i."""
    source, target = (places[ends].astype(np.int32) for ends in (network.source, network.target))
    return from_ends(network.citizens, source, target)


def _matrix(network: EdgeList) -> Any:
    ends = np.concatenate([network.source, network.target])
    others = np.concatenate([network.target, network.source])
    shape = (network.citizens, network.citizens)
    return coo_array((np.ones(len(ends), np.int8), (ends, others)), shape=shape).tocsr()


def _in_sequence(sequence: NDArray[Any]) -> Places:
    places = np.empty(len(sequence), np.int64)
    places[sequence] = np.arange(len(sequence))
    return places


def by_degree(network: EdgeList) -> Places:
    """Who has most friends comes first: the records that are read most often share the caches."""
    ends = np.concatenate([network.source, network.target])
    return _in_sequence(np.argsort(-np.bincount(ends, minlength=network.citizens), kind="stable"))


def by_bandwidth(network: EdgeList) -> Places:
    """Reverse Cuthill–McKee: friends get near numbers (Cuthill & McKee 1969; George 1971)."""
    return _in_sequence(reverse_cuthill_mckee(_matrix(network), symmetric_mode=True))


def _lived(world: World) -> float:
    return seconds_of(world.step) / world.citizens * 1e9


def in_orders(kind: str, drawn: str, citizens: int, rounds: int, **parameters: Any) -> list[Figure]:
    """A citizen's period in the order drawn, scrambled, and in orders found from the scrambled.

    Args:
        kind: what is said of the network.
        drawn: what order it is drawn in.
        citizens: how many.
        rounds: of which medians are taken; the orders take turns.
        parameters: of the network.
    """
    network = build_network(load().replace(citizens=citizens, **parameters))
    places = np.random.default_rng(1).permutation(citizens).astype(np.int64)
    scrambled = moved(network, places)
    sought: dict[str, Callable[[EdgeList], Places]] = {
        "reverse Cuthill–McKee": by_bandwidth, "most friends first": by_degree,
    }  # fmt: skip
    networks, took = {drawn: network, "scrambled": scrambled}, {}
    for name, find in sought.items():
        took[name] = seconds_of(lambda name=name, find=find: networks.update(  # type: ignore[misc]
            {name: moved(scrambled, find(scrambled))}))  # fmt: skip
    worlds = {name: World(network=one, threads=1) for name, one in networks.items()}
    for world in worlds.values():
        world.run(3)
    times: dict[str, list[float]] = {name: [] for name in worlds}
    for _ in range(rounds):
        for name, world in worlds.items():
            times[name].append(_lived(world))
    medians = {name: statistics.median(times[name]) for name in worlds}
    return [
        Figure(
            f"a period of {citizens:,} citizens, {kind}: {name} / scrambled",
            statistics.median(
                one / other for one, other in zip(times[name], times["scrambled"], strict=True)
            ), "×", "",
            f"{medians[name]:.0f} against {medians['scrambled']:.0f} ns a citizen"
            + (f"; found, and everybody moved, in {took[name]:.1f} s" if name in took else ""),
        )
        for name in worlds if name != "scrambled"
    ]  # fmt: skip


def order_figures(quick: bool) -> list[Figure]:
    """Every order, on two kinds of clustered society."""
    citizens, rounds = (100_000, 5) if quick else (2_000_000, 15)
    communities = citizens // _IN_A_COMMUNITY
    return [
        *in_orders("small world", "along its ring", citizens, rounds, generator="watts_strogatz"),
        *in_orders(f"communities of {_IN_A_COMMUNITY}", "by community", citizens, rounds,
                   generator="stochastic_block", blocks=communities),
    ]  # fmt: skip
