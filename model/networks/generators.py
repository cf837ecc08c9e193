"""Random graphs, drawn by the run's own seed and addressed chance, compiled.

Why not networkx or rustworkx: the graph has to follow from the one seed on every machine and under
every version of a library; networkx takes minutes for a million people; rustworkx has no
Watts–Strogatz or Holme–Kim graphs. Each generator here is the published algorithm in a page, and
the tests compare it with networkx in distribution.

Generators return the ties as two arrays of ends, each tie once, in the order in which it was drawn
and in either direction; :func:`model.networks.edges.from_ends` sorts them without a list of keys,
for which a nation would have no room.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from model import memory
from model.chance import Purpose, below, draw
from model.compilation import compiled
from model.errors import NetworkError
from model.networks.edges import EdgeList, Ends, from_ends
from model.parameters import Network

_GRAPH = int(Purpose.graph)
_ATTACH = int(Purpose.graph_attachment)
_TRIAD = int(Purpose.graph_triad)
_ATTEMPTS = 1000
_LARGEST_COMPLETE = 20_000

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
    # a person's number of ends is known only by its chain: with no triads nobody asks
    asked = triad_probability > 0.0
    head = np.full(n if asked else 0, -1, np.int32)
    chain = np.full(len(ends) if asked else 0, -1, np.int32)
    degree = np.zeros(n if asked else 0, np.int32)
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
                        slot = int(head[anchor])
                        friends = int(degree[anchor])
                        for _ in range(below(draw(key, _TRIAD, attempt, v, c), friends)):
                            slot = int(chain[slot])
                        w = int(ends[slot ^ 1])
                    else:
                        triad = False
                        w = int(ends[below(draw(key, _ATTACH, attempt, v, c), 2 * tie)])
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
                if asked:
                    chain[slot] = head[person]
                    head[person] = slot
                    degree[person] += 1
            tie += 1


@compiled
def _blocks(source, target, n, blocks, inside, outside, key):
    """Stochastic block model, row by row with geometric skips (Batagelj & Brandes 2005).

    Returns the number of ties; one that exceeds ``len(source)`` says how much room is needed.
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
                if count < len(source):
                    source[count], target[count] = w, v
                count += 1
    return count


def watts_strogatz(n: int, network: Network, key: Seed) -> Ends:
    """Small world: a ring of ``mean_degree`` neighbours, a share ``rewiring`` moved at random."""
    half = int(network.mean_degree) // 2
    targets = memory.empty(n * half, np.int32).reshape(n, half)
    _ring_rewired(targets, network.rewiring, key)
    return np.repeat(np.arange(n, dtype=np.int32), half), targets.ravel()


def _attachment(n: int, network: Network, triad: float, key: Seed) -> Ends:
    ties = int(network.mean_degree) // 2
    ends = memory.empty(2 * (ties + (n - ties - 1) * ties), np.int32)
    _preferential(ends, ties, triad, key, n)
    return ends[::2], ends[1::2]


def barabasi_albert(n: int, network: Network, key: Seed) -> Ends:
    """Scale-free: each newcomer befriends mean_degree/2 people, drawn by their degree."""
    return _attachment(n, network, 0.0, key)


def powerlaw_cluster(n: int, network: Network, key: Seed) -> Ends:
    """Scale-free and clustered: the next tie closes a triangle with ``triad_probability``."""
    return _attachment(n, network, network.triad_probability, key)


def _block_ends(
    n: int, blocks: int, inside: float, outside: float, network: Network, key: Seed
) -> Ends:
    room = int(n * network.mean_degree / 2 * 1.05) + 1000
    while True:
        source, target = memory.empty(room, np.int32), memory.empty(room, np.int32)
        count = _blocks(source, target, n, blocks, inside, outside, key)
        if count <= room:
            return source[:count], target[:count]
        room = count


def erdos_renyi(n: int, network: Network, key: Seed) -> Ends:
    """Every pair is a tie with the same chance, k/(N − 1)."""
    return _block_ends(n, 1, network.mean_degree / max(n - 1, 1), 0.0, network, key)


def stochastic_block(n: int, network: Network, key: Seed) -> Ends:
    """Communities: of the expected ties, a share ``mixing`` leaves the own block."""
    if network.blocks == 1:
        return erdos_renyi(n, network, key)
    inside, outside = _block_chances(n, network)
    return _block_ends(n, network.blocks, inside, outside, network, key)


def _block_chances(n: int, network: Network) -> tuple[float, float]:
    """Chances of a tie within a community and between two."""
    size = n / network.blocks
    inside = network.mean_degree * (1 - network.mixing) / max(size - 1, 1e-9)
    return inside, network.mean_degree * network.mixing / (n - size)


def complete(n: int, network: Network, key: Seed) -> Ends:
    """Everybody is everybody's friend."""
    source, target = np.triu_indices(n, 1)
    return source.astype(np.int32), target.astype(np.int32)


GENERATORS: dict[str, Callable[[int, Network, Seed], Ends]] = {
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
    return from_ends(citizens, *GENERATORS[network.generator](citizens, network, key))
