"""Memory for large columns, on huge pages where the system has them.

Friends' records are read in no order, so that with pages of 4 kB the translation of addresses
costs more than the reading. Which pages ``numpy.empty`` gets depends on what was freed before;
here large columns ask for huge ones explicitly. Elsewhere than on Linux this is ``numpy.empty``.
"""

from __future__ import annotations

import contextlib
import itertools
import mmap
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_HUGE_PAGE = 2 << 20
_WORTH_IT = _HUGE_PAGE // 2
"""Bytes. A column of half a page takes a whole one, up to twice its bytes for a tenth less time."""

_stagger = itertools.count()
_STAGGER = 37 * 64
"""Columns begin at different cache lines: were all aligned alike, the entries of one citizen would
push each other out of the cache."""


def empty(count: int, dtype: DTypeLike) -> NDArray[Any]:
    """An array of ``count`` entries of no particular value."""
    nbytes = count * np.dtype(dtype).itemsize
    if nbytes < _WORTH_IT or not hasattr(mmap, "MADV_HUGEPAGE"):
        return np.empty(count, dtype)
    try:
        region = mmap.mmap(-1, nbytes + 2 * _HUGE_PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError(f"no memory for {count:,} entries of {np.dtype(dtype)}") from error
    with contextlib.suppress(OSError):  # a kernel without huge pages
        region.madvise(mmap.MADV_HUGEPAGE)
    raw = np.frombuffer(region, np.uint8)
    begin = -raw.ctypes.data % _HUGE_PAGE + next(_stagger) % 61 * _STAGGER
    return raw[begin : begin + nbytes].view(dtype)


def filled(count: int, dtype: DTypeLike, value: Any) -> NDArray[Any]:
    """An array of ``count`` entries of one value, or of another array's values."""
    column = empty(count, dtype)
    column[:] = value
    return column
