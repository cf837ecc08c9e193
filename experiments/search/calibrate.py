"""Approximate Bayesian computation: parameters under which the model looks like what is known.

Points are drawn from the prior by the study's design and run once each. To each run's measures an
error is added as large as the targets' own (Wilkinson 2013), so that what is known badly binds
little. The runs nearest to the targets are kept, weighted by their nearness, and their parameters
corrected by local linear regression on what distance is left (Beaumont, Zhang & Balding 2002).
Parameters are handled on the logit of their range, so that none leaves it (Hamilton et al. 2005).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import Results
from experiments.study.check import LEAST_KEPT
from experiments.study.factors import Factor, Range
from experiments.study.schema import Calibration
from model.errors import InputError

_CHECKED = 200


class Parameter(NamedTuple):
    """What was learnt of one parameter."""

    name: str
    prior_low: float
    prior_high: float
    """The middle 95 % of the prior."""
    mean: float
    low: float
    high: float
    """The middle 95 % of the posterior."""
    contraction: float
    """1 − posterior variance / prior variance: 0 if nothing was learnt, 1 if all."""
    coverage: float
    """How often the middle 95 % hold the truth where it is known: see :func:`calibrate`."""


class Target(NamedTuple):
    """What the kept runs look like."""

    measure: str
    target: float
    tolerance: float
    mean: float
    low: float
    high: float
    """Mean and middle 95 % of the measure over the kept runs."""


class Posterior(NamedTuple):
    """What was learnt."""

    names: list[str]
    samples: NDArray[np.float64]
    """(kept, parameters) after correction."""
    weights: NDArray[np.float64]
    """(kept,), of sum 1."""
    prior: NDArray[np.float64]
    """(runs, parameters)."""
    distance: float
    """Of the farthest run that was kept, in median absolute deviations of the measures."""
    tried: int
    """On how many runs coverage was tried."""
    parameters: list[Parameter]
    targets: list[Target]


def calibrate(
    results: Results, factors: dict[str, Factor], wanted: Calibration, seed: int
) -> Posterior:
    """The posterior of the factors, given target moments.

    Whether its intervals can be believed is tried on the study's own runs: 200 of them in turn are
    taken for the truth, calibrated by all others, and it is counted how often the 95 % interval
    holds the parameters that made them (Prangle et al. 2014).

    Args:
        results: runs drawn from the prior.
        factors: ranges only.
        wanted: targets, and what share of runs to keep.
        seed: decides which runs are tried.

    Raises:
        InputError: for a factor of words, or too few runs.
    """
    for name, factor in factors.items():
        if not isinstance(factor, Range):
            raise InputError(f"factors.{name}: calibration needs a range {{from = …, to = …}}")
    names, measures = list(factors), list(wanted.targets)
    table = np.stack([results.summary(name).mean for name in measures], axis=1)
    known = ~np.isnan(table).any(axis=1)
    summaries = table[known]
    values = np.array([[float(point[name]) for name in names] for point in results.plan.points])
    values = values[known]
    kept = round(wanted.keep * len(values))
    if kept < LEAST_KEPT:
        raise InputError(
            f"{len(values)} runs, of which {wanted.keep:g} are kept: at least {LEAST_KEPT} are "
            f"needed; run {int(np.ceil(LEAST_KEPT / wanted.keep))} points, or keep more"
        )
    target = np.array([wanted.targets[name][0] for name in measures])
    tolerance = np.array([wanted.targets[name][1] for name in measures])
    errors = np.random.default_rng(seed + 1).normal(size=summaries.shape) * tolerance
    seen = summaries + errors
    # measures count by how much they vary among the runs
    spread = np.median(np.abs(seen - np.median(seen, axis=0)), axis=0)
    spread = np.where(spread > 0.0, spread, tolerance)
    ranges = [factors[name] for name in names]
    samples, weights, nearest, distance = _posterior(values, seen, target, spread, ranges, kept)
    covered = _coverage(values, seen, spread, ranges, kept, seed)
    parameters = []
    for k, name in enumerate(names):
        mean = float(weights @ samples[:, k])
        low, high = _quantiles(samples[:, k], weights)
        spread = float(weights @ (samples[:, k] - mean) ** 2)
        prior_low, prior_high = np.percentile(values[:, k], [2.5, 97.5])
        parameters.append(Parameter(
            name, float(prior_low), float(prior_high), mean, low, high,
            1.0 - spread / float(values[:, k].var()), covered[k],
        ))  # fmt: skip
    targets = []
    for m, name in enumerate(measures):
        like = summaries[nearest, m]
        low, high = _quantiles(like, weights)
        targets.append(Target(name, float(target[m]), float(tolerance[m]), float(weights @ like),
                              low, high))  # fmt: skip
    tried = min(_CHECKED, len(values))
    return Posterior(names, samples, weights, values, distance, tried, parameters, targets)


def _posterior(
    values: NDArray[np.float64],
    summaries: NDArray[np.float64],
    target: NDArray[np.float64],
    spread: NDArray[np.float64],
    ranges: list[Any],
    kept: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], float]:
    """Corrected samples, weights, which runs they are, the largest distance kept."""
    off = (summaries - target) / spread
    distance = np.sqrt((off**2).sum(axis=1))
    nearest = np.argsort(distance, kind="stable")[:kept]
    far = max(float(distance[nearest[-1]]), 1e-300)
    weights = 1.0 - (distance[nearest] / far) ** 2  # Epanechnikov's kernel
    if weights.sum() <= 0.0:
        weights = np.ones(kept)
    weights = weights / weights.sum()
    position = np.stack(
        [_to_line(values[nearest, k], factor) for k, factor in enumerate(ranges)], axis=1
    )
    known = np.column_stack([np.ones(kept), off[nearest]])
    root = np.sqrt(weights)[:, None]
    slopes, *_ = np.linalg.lstsq(known * root, position * root, rcond=None)
    corrected = position - off[nearest] @ slopes[1:]
    samples = np.stack(
        [_from_line(corrected[:, k], factor) for k, factor in enumerate(ranges)], axis=1
    )
    return samples, weights, nearest, far


def _coverage(
    values: NDArray[np.float64],
    summaries: NDArray[np.float64],
    spread: NDArray[np.float64],
    ranges: list[Any],
    kept: int,
    seed: int,
) -> list[float]:
    chosen = np.random.default_rng(seed).permutation(len(values))[:_CHECKED]
    held = np.zeros(len(ranges))
    for run in chosen:
        others = np.arange(len(values)) != run
        samples, weights, _, _ = _posterior(
            values[others], summaries[others], summaries[run], spread, ranges, kept
        )
        for k in range(len(ranges)):
            low, high = _quantiles(samples[:, k], weights)
            held[k] += low <= values[run, k] <= high
    return [float(share) for share in held / len(chosen)]


def _to_line(values: NDArray[np.float64], factor: Range) -> NDArray[np.float64]:
    """A factor's range onto the whole line."""
    if factor.log:
        share = np.log(values / factor.low) / np.log(factor.high / factor.low)
    else:
        share = (values - factor.low) / (factor.high - factor.low)
    inside = np.clip(share, 1e-6, 1.0 - 1e-6)
    line: NDArray[np.float64] = np.log(inside / (1.0 - inside))
    return line


def _from_line(line: NDArray[np.float64], factor: Range) -> NDArray[np.float64]:
    share = 1.0 / (1.0 + np.exp(-np.clip(line, -500.0, 500.0)))
    if factor.log:
        return np.asarray(factor.low * (factor.high / factor.low) ** share, float)
    return np.asarray(factor.low + share * (factor.high - factor.low), float)


def _quantiles(values: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of a weighted sample."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) - 0.5 * weights[order]
    low, high = np.interp([0.025, 0.975], below, values[order])
    return float(low), float(high)
