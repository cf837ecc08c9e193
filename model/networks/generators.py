"""Random graphs, drawn by the run's own seed and addressed chance, compiled.

Why not networkx or rustworkx: the graph has to follow from the one seed on every machine and under
every version of a library; networkx takes minutes for a million people; rustworkx has no
Watts–Strogatz or Holme–Kim graphs. Each generator here is the published algorithm in a page, and
the tests compare it with networkx in distribution.

Generators return keys ``source · N + target`` with source < target, each tie once.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.chance import Purpose, below, draw
from model.compilation import compiled
from model.errors import NetworkError
from model.networks.edges import EdgeList, from_keys
from model.parameters import Network

_GRAPH = int(Purpose.graph)
_ATTACH = int(Purpose.graph_attachment)
_TRIAD = int(Purpose.graph_triad)
_ATTEMPTS = 1000
_LARGEST_COMPLETE = 20_000

Keys = NDArray[np.int64]
Seed = tuple[int, int]


@compiled
def _ring_rewired(targets, probability, key):
    """Watts & Strogatz (1998): targets[u, j] is moved to a random person with ``probability``."""
    n, half = targets.shape
    for u in range(n):
        for j in range(half):
            targets[u, j] = (u + j + 1) % n
    for j in range(half):
        for u in range(n):
            if draw(key, _GRAPH, 0, u, j) >= probability:
                continue
            for attempt in range(_ATTEMPTS):
                w = below(draw(key, _ATTACH, attempt, u, j), n)
                taken = w == u
                for k in range(half):
                    taken = taken or targets[u, k] == w or targets[w, k] == u
                if not taken:
                    targets[u, j] = w
                    break


@compiled
def _preferential(ends, newcomer_ties, triad_probability, key, n):
    """Barabási & Albert (1999), with triad formation by Holme & Kim (2002) at a probability > 0.

    ``ends`` are the two ends of each tie in turn: a random end is a person drawn by degree. Each
    person's ends are linked in a chain, by which a random friend is found. Starts from a star.
    """
    m = newcomer_ties
    head = np.full(n, -1, np.int64)
    chain = np.full(len(ends), -1, np.int64)
    degree = np.zeros(n, np.int64)
    chosen = np.empty(m, np.int64)
    tie = 0
    for v in range(1, n):
        anchor = -1
        for c in range(m if v > m else 1):
            w = 0
            if v > m:
                for attempt in range(_ATTEMPTS * 1000):
                    triad = c > 0 and attempt < 16 and triad_probability > 0.0
                    if triad and draw(key, _GRAPH, 0, v, c) < triad_probability:
                        slot = head[anchor]
                        for _ in range(below(draw(key, _TRIAD, attempt, v, c), degree[anchor])):
                            slot = chain[slot]
                        w = ends[slot ^ 1]
                    else:
                        triad = False
                        w = ends[below(draw(key, _ATTACH, attempt, v, c), 2 * tie)]
                    taken = w == v
                    for k in range(c):
                        taken = taken or chosen[k] == w
                    if not taken:
                        if not triad:
                            anchor = w
                        break
            chosen[c] = w
        for c in range(m if v > m else 1):
            for slot, person in ((2 * tie, v), (2 * tie + 1, chosen[c])):
                ends[slot] = person
                chain[slot] = head[person]
                head[person] = slot
                degree[person] += 1
            tie += 1


@compiled
def _blocks(keys, n, blocks, inside, outside, key):
    """Stochastic block model, row by row with geometric skips (Batagelj & Brandes 2005).

    Returns the number of ties; one that exceeds ``len(keys)`` says how much room is needed.
    """
    count = 0
    for v in range(1, n):
        own = v * blocks // n
        first = (own * n + blocks - 1) // blocks  # the first citizen of v's block
        for segment in range(2):
            low, high = (0, first) if segment == 0 else (first, v)
            probability = outside if segment == 0 else inside
            if probability <= 0.0 or low >= high:
                continue
            w = low - 1
            step = 0
            scale = math.log1p(-probability) if probability < 1.0 else -math.inf
            while True:
                w += 1 + int(math.log(draw(key, _GRAPH, segment, v, step)) / scale)
                step += 1
                if w >= high:
                    break
                if count < len(keys):
                    keys[count] = w * n + v
                count += 1
    return count


def watts_strogatz(n: int, network: Network, key: Seed) -> Keys:
    """Small world: a ring of ``mean_degree`` neighbours, a share ``rewiring`` moved at random."""
    half = int(network.mean_degree) // 2
    targets = np.empty((n, half), np.int64)
    _ring_rewired(targets, network.rewiring, key)
    source = np.repeat(np.arange(n), half)
    target = targets.ravel()
    return np.minimum(source, target) * n + np.maximum(source, target)


def _attachment(n: int, network: Network, triad: float, key: Seed) -> Keys:
    ties = int(network.mean_degree) // 2
    ends = np.empty(2 * (ties + (n - ties - 1) * ties), np.int64)
    _preferential(ends, ties, triad, key, n)
    low, high = np.minimum(ends[::2], ends[1::2]), np.maximum(ends[::2], ends[1::2])
    return low * n + high


def barabasi_albert(n: int, network: Network, key: Seed) -> Keys:
    """Scale-free: each newcomer befriends mean_degree/2 people, drawn by their degree."""
    return _attachment(n, network, 0.0, key)


def powerlaw_cluster(n: int, network: Network, key: Seed) -> Keys:
    """Scale-free and clustered: the next tie closes a triangle with ``triad_probability``."""
    return _attachment(n, network, network.triad_probability, key)


def _block_keys(
    n: int, blocks: int, inside: float, outside: float, network: Network, key: Seed
) -> Keys:
    room = int(n * network.mean_degree / 2 * 1.05) + 1000
    while True:
        keys = np.empty(room, np.int64)
        count = _blocks(keys, n, blocks, inside, outside, key)
        if count <= room:
            return keys[:count].copy()
        room = count


def erdos_renyi(n: int, network: Network, key: Seed) -> Keys:
    """Every pair is a tie with the same chance, k/(N − 1)."""
    return _block_keys(n, 1, network.mean_degree / max(n - 1, 1), 0.0, network, key)


def stochastic_block(n: int, network: Network, key: Seed) -> Keys:
    """Communities: of the expected ties, a share ``mixing`` leaves the own block."""
    if network.blocks == 1:
        return erdos_renyi(n, network, key)
    inside, outside = _block_chances(n, network)
    return _block_keys(n, network.blocks, inside, outside, network, key)


def _block_chances(n: int, network: Network) -> tuple[float, float]:
    """Chances of a tie within a community and between two."""
    size = n / network.blocks
    inside = network.mean_degree * (1 - network.mixing) / max(size - 1, 1e-9)
    return inside, network.mean_degree * network.mixing / (n - size)


def complete(n: int, network: Network, key: Seed) -> Keys:
    """Everybody is everybody's friend."""
    source, target = np.triu_indices(n, 1)
    return source.astype(np.int64) * n + target


GENERATORS: dict[str, Callable[[int, Network, Seed], Keys]] = {
    "watts_strogatz": watts_strogatz,
    "barabasi_albert": barabasi_albert,
    "erdos_renyi": erdos_renyi,
    "stochastic_block": stochastic_block,
    "powerlaw_cluster": powerlaw_cluster,
    "complete": complete,
}


def check(citizens: int, network: Network) -> None:
    """Whether the generator can do what is asked.

    Raises:
        NetworkError: naming the parameter and the nearest that will do.
    """
    n, name, degree = citizens, network.generator, network.mean_degree
    attached = name in ("barabasi_albert", "powerlaw_cluster")
    if (attached or name == "watts_strogatz") and degree % 2:
        below = int(degree // 2) * 2
        raise NetworkError(
            f"{name}: mean_degree = {degree:g} must be even; "
            f"the nearest are {below} and {below + 2}"
        )
    if attached and degree < 2:
        raise NetworkError(f"{name}: mean_degree = {degree:g} must be at least 2")
    if name == "stochastic_block" and network.blocks > n:
        raise NetworkError(f"stochastic_block: blocks = {network.blocks} exceed the {n} citizens")
    too_dense = {
        "watts_strogatz": degree >= n,
        "erdos_renyi": degree > max(n - 1, 1),
        "stochastic_block": network.blocks > 1 and max(_block_chances(n, network)) > 1,
    }
    if too_dense.get(name, attached and degree / 2 >= n):
        raise NetworkError(f"{name}: mean_degree = {degree:g} is too much for {n} citizens")
    if name == "complete" and n > _LARGEST_COMPLETE:
        raise NetworkError(f"complete: {n} citizens are too many; at most {_LARGEST_COMPLETE}")


def generate(citizens: int, network: Network, key: Seed) -> EdgeList:
    """Draw the random graph that a scenario asks for."""
    check(citizens, network)
    return from_keys(citizens, GENERATORS[network.generator](citizens, network, key))
