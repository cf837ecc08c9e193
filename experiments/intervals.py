"""Confidence intervals of means."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

CONFIDENCE = 0.95


def half_width(variance: Any, n: Any, freedom: Any) -> Any:
    """Half of Student's 95 % interval: ``t(freedom) · √(variance / n)``; numbers or arrays."""
    return stdtrit(freedom, 0.5 + CONFIDENCE / 2) * np.sqrt(variance / n)


class Summary(NamedTuple):
    """One measure over several points."""

    mean: NDArray[np.float64]
    """(points,) mean over replicates that have a value."""
    half_width: NDArray[np.float64]
    """(points,) half of Student's 95 % confidence interval; nan for fewer than two values."""


def moments(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Number, mean and variance of each row's values; nan is left out.

    The variance of fewer than two values is nan, and the mean of none.
    """
    n = (~np.isnan(values)).sum(axis=1)
    mean = np.where(n > 0, np.nansum(values, axis=1) / np.maximum(n, 1), np.nan)
    spread = np.nansum((values - mean[:, None]) ** 2, axis=1)
    return n, mean, np.where(n > 1, spread / np.maximum(n - 1, 1), np.nan)


def interval_over_replicates(values: NDArray[np.float64]) -> Summary:
    """Mean and 95 % interval of each row of (points, replicates); nan is left out."""
    n, mean, variance = moments(values)
    return Summary(mean, half_width(variance, np.maximum(n, 1), np.maximum(n - 1, 1)))
