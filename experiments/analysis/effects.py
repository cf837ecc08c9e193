"""Main effects: what moving a factor through its range does, by linear regression.

The effects of the design of experiments (Box, Hunter & Hunter 2005): the measure regressed on all
factors at once, each coded from 0 at its low end to 1 at its high end. An effect is the change over
the whole range, in the measure's unit; R² says how much of the variation between points a sum of
straight lines tells. Words are compared with the first of their levels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import Results
from experiments.analysis.uncertainty import counts, half_width_of, resamples_for
from experiments.intervals import moments
from experiments.study.factors import Factor, Levels
from model.errors import InputError


class Effect(NamedTuple):
    """A factor's effect with its 95 % interval."""

    factor: str
    """With ``: level against first level`` for words."""
    effect: float
    low: float
    high: float


class Effects(NamedTuple):
    """All effects on a measure."""

    measure: str
    effects: list[Effect]
    r2: float
    """Of the points' means; 1 if straight lines tell all."""


def main_effects(
    results: Results,
    measure: str,
    factors: dict[str, Factor],
    clusters: NDArray[np.int64],
    twins: bool,
    seed: int,
    sampled: bool = True,
) -> Effects:
    """Effects of all factors on a measure.

    Args:
        results: the runs.
        measure: of what.
        factors: what varies.
        clusters: (points,) which points were drawn together:
            :func:`experiments.analysis.dependence.clusters_of`.
        twins: see :func:`experiments.analysis.uncertainty.interval_of_mean`.
        seed: decides the resamples.
        sampled: see there.

    Raises:
        InputError: if there are fewer points than effects.
    """
    values = results.values(measure)
    known = (~np.isnan(values)).any(axis=1)
    names, table = _coded(results, factors)
    coded, values = table[known], values[known]
    if len(values) <= coded.shape[1] + 1:
        raise InputError(f"{measure}: {len(values)} points are too few for {len(names)} effects")
    means = moments(values)[1]
    found = _fit(coded, means, np.ones(len(means)))
    left = means - found[0] - coded @ found[1:]
    spread = float(((means - means.mean()) ** 2).sum())
    by_replicate = None
    if twins or not sampled:
        by_replicate = np.full((values.shape[1], len(names)), np.nan)
        for replicate, own in enumerate(values.T):
            whole = ~np.isnan(own)
            if np.linalg.matrix_rank(coded[whole]) == coded.shape[1]:
                by_replicate[replicate] = _fit(coded[whole], own[whole], np.ones(whole.sum()))[1:]
    by_points = None
    if sampled or (values.shape[1] == 1 and not twins):
        _, cluster = np.unique(clusters[known], return_inverse=True)
        many = int(cluster.max()) + 1
        drawn = counts(np.random.default_rng(seed), many, resamples_for(many))
        by_points = np.array([_fit(coded, means, weights[cluster])[1:] for weights in drawn])
    half = [
        half_width_of(
            None if by_replicate is None else by_replicate[:, k],
            None if by_points is None else by_points[:, k],
        )
        for k in range(len(names))
    ]
    return Effects(
        measure,
        [Effect(name, float(found[k + 1]), float(found[k + 1]) - half[k],
                float(found[k + 1]) + half[k]) for k, name in enumerate(names)],
        1.0 - float((left**2).sum()) / spread if spread > 0.0 else float("nan"),
    )  # fmt: skip


def _coded(results: Results, factors: dict[str, Factor]) -> tuple[list[str], NDArray[np.float64]]:
    """Names of effects, and each point's position from 0 to 1."""
    names: list[str] = []
    columns = []
    for name, factor in factors.items():
        values = results.at(name)
        levels = results.levels(name)
        if len(levels) < 2:
            continue
        if isinstance(levels[0], str):
            if isinstance(factor, Levels):  # the first level in the file is what others differ from
                levels = [level for level in factor.values if level in levels]
            for level in levels[1:]:
                names.append(f"{name}: {level} against {levels[0]}")
                columns.append(np.array([value == level for value in values], float))
            continue
        numbers = np.array(values, float)
        low, high = (float(levels[0]), float(levels[-1]))
        if not isinstance(factor, Levels):
            low, high = factor.low, factor.high
            if factor.log:
                numbers, low, high = np.log(numbers), np.log(low), np.log(high)
        names.append(name)
        columns.append((numbers - low) / (high - low))
    return names, np.column_stack(columns) if columns else np.empty((len(results.plan.points), 0))


def _fit(
    coded: NDArray[np.float64], means: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Intercept and slopes by weighted least squares."""
    root = np.sqrt(weights)
    design = np.column_stack([np.ones(len(means)), coded]) * root[:, None]
    found: NDArray[np.float64] = np.linalg.lstsq(design, means * root, rcond=None)[0]
    return found
