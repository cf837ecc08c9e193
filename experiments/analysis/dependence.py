"""How a measure depends on a factor: its mean where the factor is held, over all else.

Where factors are varied independently of each other, as in every design here but a table, that is
the partial dependence (Friedman 2001) itself: no fitted model stands between data and curve.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import Results
from experiments.study.designs import Morris, Saltelli
from model.errors import InputError

_RESAMPLES = 2_000
_LARGEST_DRAW = 20_000_000


class Curve(NamedTuple):
    """A measure along a factor."""

    factor: str
    measure: str
    x: list[Any]
    """Levels, or the mean of the factor in each of ten bins with equally many points."""
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    """95 % interval of the mean over all else that was varied, by bootstrap."""


def clusters_of(results: Results, design: Any) -> NDArray[np.int64]:
    """(points,) which points were drawn together, and so count as one in a bootstrap.

    The lines of a Saltelli design's base point share most of their values, as do those of a
    trajectory of Morris's.
    """
    clusters = np.arange(len(results.plan.points))
    if isinstance(design, Saltelli | Morris):
        groups = design.points if isinstance(design, Saltelli) else design.trajectories
        block = len(results.plan.rows) // groups
        for line, (place, _) in enumerate(results.plan.rows):
            clusters[place] = line // block
    return clusters


def dependence(
    results: Results,
    factor: str,
    measure: str,
    seed: int,
    clusters: NDArray[np.int64],
    twins: bool = False,
) -> Curve:
    """A measure along a factor.

    Args:
        results: the runs.
        factor: along which.
        measure: of what.
        seed: decides the resamples.
        clusters: of :func:`clusters_of`.
        twins: replicate r has the same luck at every point: replicates are resampled as well as
            points, since what luck gave, it gave to all of them. (One replicate of twins tells
            nothing of luck, and the interval neither.)

    Raises:
        InputError: if there is no such factor.
    """
    if factor not in results.plan.points[0]:
        raise InputError(f"'{factor}' is not a factor")
    values = results.values(measure)
    groups, x = results.groups(factor)
    generator = np.random.default_rng(seed)
    rows = []
    for group in groups:
        mean = _mean(values[group])
        if np.isnan(mean):
            rows.append((mean, mean, mean))
            continue
        drawn = _resampled(values[group], clusters[group], generator, twins)
        rows.append((mean, *np.nanpercentile(drawn, [2.5, 97.5])))
    mean, low, high = np.array(rows).T
    return Curve(factor, measure, x, mean, low, high)


def _mean(values: NDArray[np.float64]) -> float:
    """The mean over all values that there are; nan if there are none."""
    known = ~np.isnan(values)
    return float(np.nansum(values) / known.sum()) if known.any() else float("nan")


def _resampled(
    values: NDArray[np.float64],
    clusters: NDArray[np.int64],
    generator: np.random.Generator,
    twins: bool,
) -> NDArray[np.float64]:
    """Means of bootstrap resamples of (points, replicates)."""
    _, cluster = np.unique(clusters, return_inverse=True)
    many = int(cluster.max()) + 1
    known = ~np.isnan(values)
    sums = np.zeros((many, values.shape[1]))
    counts = np.zeros((many, values.shape[1]))
    np.add.at(sums, cluster, np.where(known, values, 0.0))
    np.add.at(counts, cluster, known)
    resamples = max(min(_RESAMPLES, _LARGEST_DRAW // many), 100)
    weights = generator.multinomial(many, np.full(many, 1.0 / many), size=resamples)
    if twins:
        replicates = values.shape[1]
        luck = generator.multinomial(
            replicates, np.full(replicates, 1.0 / replicates), size=resamples
        )
        total, number = ((weights @ table * luck).sum(axis=1) for table in (sums, counts))
    else:
        total, number = weights @ sums.sum(axis=1), weights @ counts.sum(axis=1)
    drawn: NDArray[np.float64] = total / np.where(number > 0, number, np.nan)
    return drawn
