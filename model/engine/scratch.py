"""A thread's room for one block of citizens: rows of numbers and of words."""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.rules.marker import rule
from model.state import BLOCK

_ROW = BLOCK + 8  # not a power of two, or rows would compete for the same places of the cache
_ROWS = 24
_ROWS_OF_WORDS = 3


class Scratch(NamedTuple):
    """Room for one block, flat: constant distances tell the compiler that rows don't overlap."""

    numbers: NDArray[np.float64]
    words: NDArray[np.int64]


def empty_scratch() -> Scratch:
    """Room for one block; each thread needs its own."""
    return Scratch(np.empty(_ROWS * _ROW), np.empty(_ROWS_OF_WORDS * _ROW, np.int64))


_own = threading.local()


def own_scratch() -> Scratch:
    """This thread's room for a block: made once, since fresh memory is slow at first touch."""
    if not hasattr(_own, "scratch"):
        _own.scratch = empty_scratch()
    scratch: Scratch = _own.scratch
    return scratch


@rule
def at(row, k):
    """The place of the k-th citizen's entry in a row."""
    return np.uint64(row * _ROW + k)
