"""How a measure depends on a factor: its mean where the factor is held, over all else.

Where factors are varied independently of each other, as in every design here but a table, that is
the partial dependence (Friedman 2001) itself: no fitted model stands between data and curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import Results
from experiments.analysis.uncertainty import interval_of_mean
from experiments.study.designs import Morris, Saltelli
from model.errors import InputError


class Curve(NamedTuple):
    """A measure along a factor."""

    factor: str
    measure: str
    x: list[Any]
    """Levels, or the mean of the factor in each of ten bins with equally many points."""
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    """95 % interval of the mean over all else that was varied."""


def clusters_of(results: Results, designs: Sequence[Any]) -> NDArray[np.int64]:
    """(points,) which points were drawn together, and so count as one in a bootstrap.

    The lines of a Saltelli design's base point share most of their values, as do those of a
    trajectory of Morris's; points that two of them have in common join them.

    Args:
        results: the runs.
        designs: those of the study, in their order.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    plan = results.plan
    points = len(plan.points)
    group = np.arange(len(plan.rows))  # each line by itself
    if len(designs) == 1 and isinstance(designs[0], Saltelli | Morris):
        one = designs[0]
        many = one.points if isinstance(one, Saltelli) else one.trajectories
        group = group // (len(group) // many)
    elif any(isinstance(one, Saltelli | Morris) for one in designs):
        raise InputError(
            "a saltelli or morris design joined with others can't be analysed: which lines belong "
            "together isn't known; make it a study of its own"
        )
    places = np.array([place for place, _ in plan.rows])
    edges = coo_array(
        (np.ones(len(places)), (places, points + group)), shape=(points + len(group),) * 2
    )
    _, component = connected_components(edges, directed=False)
    clusters: NDArray[np.int64] = component[:points].astype(np.int64)
    return clusters


def dependence(
    results: Results,
    factor: str,
    measure: str,
    seed: int,
    clusters: NDArray[np.int64],
    twins: bool = False,
    sampled: bool = True,
) -> Curve:
    """A measure along a factor.

    Args:
        results: the runs.
        factor: along which.
        measure: of what.
        seed: decides the resamples.
        clusters: of :func:`clusters_of`.
        twins: see :func:`experiments.analysis.uncertainty.interval_of_mean`.
        sampled: see there.

    Raises:
        InputError: if there is no such factor.
    """
    if factor not in results.plan.points[0]:
        raise InputError(f"'{factor}' is not a factor")
    values = results.values(measure)
    groups, x, _ = results.groups(factor)
    generator = np.random.default_rng(seed)
    rows = [
        interval_of_mean(values[group], clusters[group], generator, twins, sampled)
        for group in groups
    ]
    mean, low, high = np.array(rows).T
    return Curve(factor, measure, x, mean, low, high)
