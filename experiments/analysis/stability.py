"""How many replicates are enough (Lorscheid et al. 2012; Lee et al. 2015).

An interval's width falls with the root of the number of replicates; the question is from where on
its estimate can be trusted, and when it is narrow enough.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import Results
from experiments.intervals import half_width, interval_over_replicates, moments


class Stability(NamedTuple):
    """Intervals of a measure by the number of replicates."""

    measure: str
    replicates: NDArray[np.int64]
    """(n,) 2, 3, … as many as there are."""
    median: NDArray[np.float64]
    """(n,) half of the 95 % interval's width at the median point."""
    widest: NDArray[np.float64]
    """(n,) at the point with the widest."""
    asked: float
    """What is small: a tenth of the standard deviation of the points' means."""
    enough: int | None
    """Replicates with which every point's half width is below that; None if it takes more than
    ten million."""


def stability(results: Results, measure: str) -> Stability | None:
    """Intervals of a measure by the number of replicates; None with fewer than three."""
    values = results.values(measure)
    most = results.replicates
    if most < 3:
        return None
    counts = np.arange(2, most + 1)
    halves = np.array([interval_over_replicates(values[:, :n]).half_width for n in counts])
    whole = interval_over_replicates(values)
    known = ~np.isnan(whole.half_width)
    if not known.any():
        return None
    halves = halves[:, known]
    deviation = np.array([np.sqrt(moments(values[known, :n])[2]) for n in counts])
    asked = 0.1 * float(np.nanstd(whole.mean))
    return Stability(
        measure, counts, _over(np.median, halves), _over(np.max, halves),
        asked, _enough(float(np.nanmax(deviation[-1])), asked),
    )  # fmt: skip


def _over(what: Callable[..., Any], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """A figure of each row's known values; nan if it has none."""
    known = [row[~np.isnan(row)] for row in rows]
    return np.array([what(row) if len(row) else np.nan for row in known])


def _enough(deviation: float, asked: float) -> int | None:
    """The least n with ``t(n − 1)·s/√n ≤ asked``.

    >>> _enough(1.0, 0.5), _enough(0.0, 0.1), _enough(1.0, 0.0)
    (18, 2, None)
    """
    if asked <= 0.0:
        return None if deviation > 0.0 else 2
    low, high = 1, 2
    while float(half_width(deviation**2, high, high - 1)) > asked:
        low, high = high, 2 * high
        if high > 10_000_000:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        enough = float(half_width(deviation**2, middle, middle - 1)) <= asked
        low, high = (low, middle) if enough else (middle, high)
    return high
