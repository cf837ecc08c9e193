"""Intervals that know where uncertainty comes from: from luck, and from which points were drawn.

*Luck.* Each replicate gives one estimate of whatever is asked; their spread is luck's, by Student's
t. This holds for twins, whose replicates share their luck over all points (so that more points tell
nothing more of it), and for independent runs alike. *Points.* Where they were drawn from ranges, a
bootstrap over those that were drawn together tells what other points would have given; for runs
with luck of their own it tells of luck as well. A grid's points are no sample of anything, and add
nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from experiments.intervals import CONFIDENCE, moments

_RESAMPLES = 1_000
_LARGEST_DRAW = 20_000_000


def counts(generator: np.random.Generator, many: int, resamples: int) -> NDArray[np.float64]:
    """(resamples, many) how often each of so many is drawn in a resample."""
    drawn = generator.multinomial(many, np.full(many, 1.0 / many), size=resamples)
    return drawn.astype(float)


def resamples_for(many: int) -> int:
    """As many resamples of so many as fit into memory."""
    return max(min(_RESAMPLES, _LARGEST_DRAW // max(many, 1)), 100)


def half_width_of(
    by_replicate: NDArray[np.float64] | None, by_points: NDArray[np.float64] | None
) -> float:
    """Half of the 95 % interval of an estimate.

    Args:
        by_replicate: (R,) the estimate from each replicate alone, where luck counts; None where
            ``by_points`` tells of it.
        by_points: (resamples,) the estimate from resampled points; None where points are fixed.

    Returns:
        nan if neither tells anything.
    """
    variance, freedom = 0.0, np.inf
    known = False
    if by_replicate is not None:
        own = by_replicate[~np.isnan(by_replicate)]
        if len(own) > 1:
            variance += float(own.var(ddof=1)) / len(own)
            freedom = len(own) - 1
            known = True
    if by_points is not None:
        drawn = by_points[~np.isnan(by_points)]
        if len(drawn) > 1:
            variance += float(drawn.var(ddof=1))
            known = True
    if not known:
        return float("nan")
    quantile = 1.959963984540054 if np.isinf(freedom) else stdtrit(freedom, 0.5 + CONFIDENCE / 2)
    return float(quantile * np.sqrt(variance))


def interval_of_mean(
    values: NDArray[np.float64],
    clusters: NDArray[np.int64],
    generator: np.random.Generator,
    twins: bool,
    sampled: bool,
) -> tuple[float, float, float]:
    """Mean of (points, replicates) with the ends of its 95 % interval.

    Args:
        values: nan where there is none.
        clusters: (points,) which were drawn together.
        generator: for resamples.
        twins: whether replicate r has the same luck at every point.
        sampled: whether the points were drawn from ranges.
    """
    known = ~np.isnan(values)
    if not known.any():
        return float("nan"), float("nan"), float("nan")
    mean = float(values[known].mean())
    by_replicate = moments(values.T)[1] if twins or not sampled else None
    by_points = None
    if sampled or (by_replicate is not None and values.shape[1] == 1 and not twins):
        _, cluster = np.unique(clusters, return_inverse=True)
        many = int(cluster.max()) + 1
        sums, numbers = np.zeros(many), np.zeros(many)
        np.add.at(sums, cluster, np.where(known, values, 0.0).sum(axis=1))
        np.add.at(numbers, cluster, known.sum(axis=1).astype(float))
        weights = counts(generator, many, resamples_for(many))
        total = weights @ numbers
        by_points = (weights @ sums) / np.where(total > 0.0, total, np.nan)
        if many < 2:
            by_points = None
    half = half_width_of(by_replicate, by_points)
    return mean, mean - half, mean + half
