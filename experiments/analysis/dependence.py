"""How a measure depends on a factor: its mean where the factor is held, over all else.

Where factors are varied independently of each other, as in every design here but a table, that is
the partial dependence (Friedman 2001) itself: no fitted model stands between data and curve.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import Results
from model.errors import InputError

_RESAMPLES = 2_000


class Curve(NamedTuple):
    """A measure along a factor."""

    factor: str
    measure: str
    x: list[Any]
    """Levels, or the mean of the factor in each of ten bins with equally many points."""
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    """95 % interval, bootstrapped over points: it is of the mean over all else that was varied."""


def dependence(results: Results, factor: str, measure: str, seed: int) -> Curve:
    """A measure along a factor.

    Raises:
        InputError: if there is no such factor.
    """
    points = results.plan.points
    if factor not in points[0]:
        raise InputError(f"'{factor}' is not a factor")
    means = results.summary(measure).mean
    groups, x = results.groups(factor)
    generator = np.random.default_rng(seed)
    rows = []
    for group in groups:
        values = means[group]
        values = values[~np.isnan(values)]
        if not len(values):
            rows.append((np.nan, np.nan, np.nan))
            continue
        drawn = values[generator.integers(0, len(values), (_RESAMPLES, len(values)))].mean(axis=1)
        rows.append((values.mean(), *np.percentile(drawn, [2.5, 97.5])))
    mean, low, high = np.array(rows).T
    return Curve(factor, measure, x, mean, low, high)
