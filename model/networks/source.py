"""Where a scenario's network comes from: a graph at hand, a file, karate, or a generator."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.chance import key_of
from model.networks.edges import EdgeList, from_networkx

if TYPE_CHECKING:
    import networkx

    from model.parameters import Network
    from model.scenario import Scenario


def build_network(
    scenario: Scenario, network: EdgeList | networkx.Graph | str | Path | None = None
) -> EdgeList:
    """The network of a scenario, or the one given in its place.

    Args:
        scenario: its ``network`` table and its seed decide the graph.
        network: a ready edge list, any networkx graph or a file to use instead.

    Raises:
        NetworkError: if a file is wrong or a generator cannot do what is asked.
    """
    if isinstance(network, EdgeList):
        return network
    if network is not None and not isinstance(network, str | Path):
        return from_networkx(network)
    file = str(network) if network is not None else scenario.network.network_file
    if file:
        from model.networks.files import read_network

        return read_network(Path(file))
    if scenario.network.generator == "karate":
        return _karate()
    drawing = _remembered if scenario.population.citizens <= _REMEMBERED else _drawn
    return drawing(scenario.population.citizens, scenario.network, key_of(scenario.chance.seed))


def _drawn(citizens: int, network: Network, key: tuple[int, int]) -> EdgeList:
    from model.networks.generators import generate

    return generate(citizens, network, key)


_REMEMBERED = 10_000
"""Citizens up to which a few drawn networks are remembered: twin worlds have the same one."""

_remembered = lru_cache(maxsize=8)(_drawn)


def _karate() -> EdgeList:
    """Zachary's (1977) karate club, 34 people."""
    import networkx

    graph: Any = networkx.karate_club_graph()
    return from_networkx(graph)
