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
from experiments.study.factors import Factor, Levels
from model.errors import InputError

_RESAMPLES = 1_000


class Effect(NamedTuple):
    """A factor's effect with its bootstrapped 95 % interval."""

    factor: str
    """With ``: level`` for words."""
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
) -> Effects:
    """Effects of all factors on a measure.

    Args:
        results: the runs.
        measure: of what.
        factors: what varies.
        clusters: (points,) which points were drawn together:
            :func:`experiments.analysis.dependence.clusters_of`.
        twins: whether replicates share their luck, so that they are resampled too.
        seed: decides the resamples.

    Raises:
        InputError: if there are fewer points than effects.
    """
    values = results.values(measure)
    known = (~np.isnan(values)).any(axis=1)
    names, table = _coded(results, factors)
    coded, values = table[known], values[known]
    if len(values) <= coded.shape[1] + 1:
        raise InputError(f"{measure}: {len(values)} points are too few for {len(names)} effects")
    means = _means(values, np.ones(values.shape[1]))
    found = _fit(coded, means, np.ones(len(means)))
    left = means - found[0] - coded @ found[1:]
    spread = float(((means - means.mean()) ** 2).sum())
    generator = np.random.default_rng(seed)
    _, cluster = np.unique(clusters[known], return_inverse=True)
    many, replicates = int(cluster.max()) + 1, values.shape[1]
    drawn = np.empty((_RESAMPLES, len(names)))
    for k in range(_RESAMPLES):
        weights = _counts(generator, many)[cluster]
        luck = _counts(generator, replicates) if twins else np.ones(replicates)
        resampled = _means(values, luck)
        whole = ~np.isnan(resampled)
        drawn[k] = _fit(coded[whole], resampled[whole], weights[whole])[1:]
    low, high = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
    return Effects(
        measure,
        [Effect(name, float(found[k + 1]), float(low[k]), float(high[k]))
         for k, name in enumerate(names)],
        1.0 - float((left**2).sum()) / spread if spread > 0.0 else float("nan"),
    )  # fmt: skip


def _counts(generator: np.random.Generator, many: int) -> NDArray[np.float64]:
    """How often each of so many is drawn in a resample."""
    return generator.multinomial(many, np.full(many, 1.0 / many)).astype(float)


def _coded(results: Results, factors: dict[str, Factor]) -> tuple[list[str], NDArray[np.float64]]:
    """Names of effects, and each point's position from 0 to 1."""
    names: list[str] = []
    columns = []
    for name, factor in factors.items():
        values = [point[name] for point in results.plan.points]
        levels = results.levels(name)
        if len(levels) < 2:
            continue
        if isinstance(levels[0], str):
            for level in levels[1:]:
                names.append(f"{name}: {level}")
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


def _means(values: NDArray[np.float64], luck: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each point's mean over replicates that count so often; nan if none has a value."""
    known = ~np.isnan(values)
    counts = known @ luck
    total = np.where(known, values, 0.0) @ luck
    means: NDArray[np.float64] = np.where(counts > 0, total / np.maximum(counts, 1e-300), np.nan)
    return means


def _fit(
    coded: NDArray[np.float64], means: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Intercept and slopes by weighted least squares."""
    root = np.sqrt(weights)
    design = np.column_stack([np.ones(len(means)), coded]) * root[:, None]
    found: NDArray[np.float64] = np.linalg.lstsq(design, means * root, rcond=None)[0]
    return found
