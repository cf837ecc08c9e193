"""A network as a clean list of ties, with the names that people had where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model import memory
from model.compilation import compiled
from model.errors import NetworkError

if TYPE_CHECKING:
    import networkx

Numbers = NDArray[np.int32]
Ends = tuple[Numbers, Numbers]


@dataclass(frozen=True)
class EdgeList:
    """Ties between citizens 0 … N − 1, each once, sorted by (source, target), source < target."""

    citizens: int
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    labels: list[str] | None = None
    """The citizens' names in the file or graph; None for generated networks."""
    notes: list[str] = field(default_factory=list)
    """What had to be put right on reading: self-loops dropped, duplicates merged."""


def from_keys(citizens: int, keys: NDArray[np.int64]) -> EdgeList:
    """From unique keys ``source · N + target`` with source < target, in any order."""
    keys.sort()
    source, target = np.divmod(keys, citizens)
    return EdgeList(citizens, source.astype(np.int32), target.astype(np.int32))


@compiled
def _sort_ties(citizens, first, second, source, target):
    """Every tie from its lower end, by both ends: rows are laid out, filled, and sorted one by one.

    Rows are short, and mostly in order already: this takes a tenth of the time of sorting keys.
    """
    end = np.zeros(citizens, np.int64)
    for k in range(len(first)):
        end[min(first[k], second[k])] += 1
    total = 0
    for i in range(citizens):
        total, end[i] = total + end[i], total
    for k in range(len(first)):
        low = min(first[k], second[k])
        target[end[low]] = max(first[k], second[k])
        end[low] += 1
    begin = 0
    for i in range(citizens):
        source[begin : end[i]] = i
        in_order = True
        for k in range(begin + 1, end[i]):
            in_order = in_order and target[k - 1] <= target[k]
        if not in_order:
            target[begin : end[i]].sort()
        begin = end[i]


def from_ends(citizens: int, first: Numbers, second: Numbers) -> EdgeList:
    """From the ends of ties, each tie once, in any order and direction."""
    source = memory.empty(len(first), np.int32)
    target = memory.empty(len(first), np.int32)
    _sort_ties(citizens, first, second, source, target)
    return EdgeList(citizens, source, target)


def from_pairs(
    labels: Sequence[str], first: NDArray[np.int64], second: NDArray[np.int64]
) -> EdgeList:
    """From pairs of positions in ``labels``; self-loops are dropped, duplicates merged.

    Citizens are numbered in the order of their labels (as numbers if all are whole numbers, else
    as text), so that neither the order of lines nor the direction of ties matters.
    """
    order = _label_order(labels)
    citizens = len(labels)
    number = np.empty(citizens, np.int64)
    number[order] = np.arange(citizens)
    a, b = number[first], number[second]
    loops = int((a == b).sum())
    low, high = np.minimum(a, b), np.maximum(a, b)
    keys = np.unique((low * citizens + high)[a != b])
    notes = []
    if loops:
        notes.append(f"{loops} self-loop{'s' * (loops > 1)} dropped")
    repeated = len(a) - loops - len(keys)
    if repeated:
        notes.append(f"{repeated} duplicate tie{'s' * (repeated > 1)} merged")
    edges = from_keys(citizens, keys)
    return EdgeList(
        citizens, edges.source, edges.target, [labels[i] for i in order.tolist()], notes
    )


def from_networkx(graph: networkx.Graph) -> EdgeList:
    """Any networkx graph; the direction and weight of ties are not kept."""
    if not hasattr(graph, "nodes") or not hasattr(graph, "edges"):
        raise NetworkError(
            f"network: a {type(graph).__name__} is no network; give a networkx graph, a file's "
            "name or an EdgeList"
        )
    nodes = list(graph.nodes)
    if not nodes:
        raise NetworkError("network: the graph holds no people")
    place = {node: k for k, node in enumerate(nodes)}
    pairs = np.array(
        [(place[u], place[v]) for u, v in graph.edges()], dtype=np.int64
    ).reshape(-1, 2)  # fmt: skip
    labels = [str(node) for node in nodes]
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise NetworkError(f"network: two people have the label '{twice}'")
    network = from_pairs(labels, pairs[:, 0], pairs[:, 1])
    if graph.is_directed():
        network.notes.append("the direction of ties is not kept")
    return network


def _label_order(labels: Sequence[str]) -> NDArray[np.int64]:
    def key(k: int) -> tuple[int, str]:
        return (int(labels[k]), labels[k]) if whole else (0, labels[k])

    whole = all(label.removeprefix("-").isdecimal() for label in labels)
    return np.array(sorted(range(len(labels)), key=key), dtype=np.int64)
