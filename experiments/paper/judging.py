"""Whether what was expected is what was found: an estimate, its interval, and a verdict."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.intervals import half_width

SUPPORTED, CONTRADICTED, UNDECIDED = "supported", "contradicted", "undecided"


class Judged(NamedTuple):
    """One hypothesis and what the runs say of it."""

    claim: str
    """What was compared, in words."""
    mean: float
    half_width: float
    """Half of the 95 % interval."""
    null: str
    """What would be there without the effect."""
    verdict: str
    replicates: int
    """How many estimates the mean is of: replicates with a value, societies, base points."""


def mean_and_half(values: NDArray[np.float64]) -> tuple[float, float, int]:
    """Mean over replicates, half of its 95 % interval (Student's), and how many there are."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return float(known.mean()) if len(known) else float("nan"), float("nan"), len(known)
    half = float(half_width(known.var(ddof=1), len(known), len(known) - 1))
    return float(known.mean()), half, len(known)


def sign(
    claim: str, values: NDArray[np.float64], expected: int, null: str = "0: no difference"
) -> Judged:
    """A difference is expected to be above (1) or below (−1) zero.

    >>> sign("b - a", np.array([0.9, 1.0, 1.1]), 1).verdict
    'supported'
    >>> sign("b - a", np.array([0.9, 1.0, 1.1]), -1).verdict
    'contradicted'
    >>> sign("b - a", np.array([-1.0, 1.0, 1.5]), 1).verdict
    'undecided'
    """
    mean, half, many = mean_and_half(values)
    verdict = UNDECIDED
    if mean * expected - half > 0.0:
        verdict = SUPPORTED
    elif mean * expected + half < 0.0:
        verdict = CONTRADICTED
    return Judged(claim, mean, half, null, verdict, many)


def within(claim: str, values: NDArray[np.float64], most: float) -> Judged:
    """A difference is expected to be no larger than ``most``, either way.

    >>> within("b - a", np.array([0.01, 0.0, -0.01]), 0.1).verdict
    'supported'
    >>> within("b - a", np.array([0.9, 1.0, 1.1]), 0.1).verdict
    'contradicted'
    """
    mean, half, many = mean_and_half(values)
    verdict = UNDECIDED
    if abs(mean) + half <= most:
        verdict = SUPPORTED
    elif abs(mean) - half > most:
        verdict = CONTRADICTED
    return Judged(claim, mean, half, f"within ±{most:g}", verdict, many)
