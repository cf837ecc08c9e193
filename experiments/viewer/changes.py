"""Which ties ended and began between two looks at a society."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.compilation import compiled
from model.ties import Ties

Pairs = NDArray[np.uint32]
"""(K, 2) ties as pairs of citizens, the lower number first."""


class Rows(NamedTuple):
    """A copy of all rows of friends."""

    start: NDArray[np.int64]
    degree: NDArray[np.int32]
    friend: NDArray[np.int32]


def rows_of(ties: Ties) -> Rows:
    """The friends that everybody has now."""
    arrays = ties.arrays
    used = int(arrays.used[0])
    return Rows(arrays.start.copy(), arrays.degree.copy(), arrays.friend[:used].copy())


@compiled
def _missing(own, other, out):
    """Ties of ``own`` that ``other`` hasn't, written to ``out`` as far as it goes; how many."""
    found = 0
    for i in range(len(own.degree)):
        begin, other_begin = own.start[i], other.start[i]
        many, other_many = own.degree[i], other.degree[i]
        same = many == other_many
        if same:
            for k in range(many):
                if own.friend[begin + k] != other.friend[other_begin + k]:
                    same = False
                    break
        if same:
            continue
        for k in range(many):
            j = own.friend[begin + k]
            if j < i:
                continue
            there = False
            for m in range(other_many):
                if other.friend[other_begin + m] == j:
                    there = True
                    break
            if not there:
                if found < len(out):
                    out[found, 0], out[found, 1] = i, j
                found += 1
    return found


def missing(own: Rows, other: Rows) -> Pairs:
    """The ties that are in ``own`` and not in ``other``."""
    out = np.empty((1_024, 2), np.uint32)
    found = _missing(own, other, out)
    if found > len(out):
        out = np.empty((found, 2), np.uint32)
        _missing(own, other, out)
    return out[:found].copy()  # not a view, which would keep all of it
