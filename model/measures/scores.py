"""The distribution of scores: inequality, quantiles, bunching. Dear: they sort."""

from __future__ import annotations

from math import fsum

import numpy as np
from numpy.typing import NDArray

from model.measures.registry import Observation, declare, ratio
from model.parameters import SCORE_CEILING, SCORE_FLOOR


@declare("", "Gini coefficient of scores", "Gini 1912", dear=True)
def score_gini(o: Observation) -> float:
    scores = o.sorted_scores
    n = len(scores)
    if n == 0:
        return float("nan")
    ranks = np.arange(1, n + 1)
    return float((2.0 * (ranks * scores).sum() / scores.sum() - (n + 1)) / n)


def _quantile(o: Observation, q: float) -> float:
    return float(np.quantile(o.sorted_scores, q)) if len(o.sorted_scores) else float("nan")


@declare("points", "Score below which a tenth of citizens are", dear=True)
def score_p10(o: Observation) -> float:
    return _quantile(o, 0.1)


@declare("points", "Median score", dear=True)
def score_median(o: Observation) -> float:
    return _quantile(o, 0.5)


@declare("points", "Score above which a tenth of citizens are", dear=True)
def score_p90(o: Observation) -> float:
    return _quantile(o, 0.9)


_BIN = 5.0
_WIDTH = 20.0
_DEGREE = 4

Floats = NDArray[np.float64]


def polynomial_through(x: Floats, y: Floats, weights: Floats, degree: int, at: Floats) -> Floats:
    """A weighted least-squares polynomial's values, by orthogonal polynomials (Forsythe 1957).

    Sums are exact (``fsum``): a solver from LAPACK would give other last bits in other builds.

    Args:
        x: (K,) places, within one unit or so.
        y: (K,) values there.
        weights: (K,) of the squared residuals.
        degree: of the polynomial, below K.
        at: (M,) where its values are wanted.

    >>> x = np.linspace(-0.5, 0.5, 9)
    >>> polynomial_through(x, x**3 - x, np.ones(9), 3, np.array([0.25])).round(12).tolist()
    [-0.234375]
    """
    before, own = np.zeros_like(x), np.ones_like(x)
    before_at, own_at = np.zeros_like(at), np.ones_like(at)
    norm_before, found = 1.0, np.zeros_like(at)
    for k in range(degree + 1):
        norm = fsum(weights * own * own)
        found = found + fsum(weights * y * own) / norm * own_at
        shift = fsum(weights * x * own * own) / norm
        share = norm / norm_before if k else 0.0
        before, own = own, (x - shift) * own - share * before
        before_at, own_at = own_at, (at - shift) * own_at - share * before_at
        norm_before = norm
    return found


def bunching(o: Observation, threshold: float) -> float:
    """Excess share of citizens within 20 points above a threshold.

    The counterfactual is a smooth density, the exponential of a polynomial of degree 4 in bins of
    5 points, fitted to the scores that lie outside 20 points on either side of both benefit
    thresholds (Kleven 2016; Chetty et al. 2011; in logarithms, as densities are bell-shaped). A
    polynomial fits the base score's own distribution with an error of some tenths of a percent:
    compare with period 0, or with a twin world.
    """
    below = np.floor((threshold - SCORE_FLOOR) / _BIN)
    above_it = np.floor((SCORE_CEILING - threshold) / _BIN)
    edges = threshold + _BIN * np.arange(-below, above_it + 1)  # no bin straddles the threshold
    counts, _ = np.histogram(o.sorted_scores, edges)
    middle = edges[:-1] + _BIN / 2
    institution = o.world.institution
    outside = np.ones(len(middle), bool)
    for benefit in (institution.travel_threshold, institution.visa_threshold):
        outside &= abs(middle - benefit) > _WIDTH
    fitted = outside & (counts > 0)
    on_both_sides = fitted[middle < threshold].any() and fitted[middle > threshold].any()
    if fitted.sum() <= _DEGREE + 1 or not on_both_sides:
        return float("nan")
    unit = (middle - 650.0) / 300.0
    above = (middle > threshold) & (middle < threshold + _WIDTH)
    weights = counts[fitted].astype(np.float64)
    curve = polynomial_through(unit[fitted], np.log(weights), weights, _DEGREE, unit[above])
    with np.errstate(over="ignore"):  # few citizens: the curve may lead anywhere
        excess = fsum(counts[above] - np.exp(curve)) / len(o.sorted_scores)
    return float(excess) if abs(excess) <= 1.0 else float("nan")


@declare(
    "share", "Excess of citizens just above the travel threshold over a smooth counterfactual",
    "Kleven 2016", dear=True,
)  # fmt: skip
def bunching_travel(o: Observation) -> float:
    return bunching(o, o.world.institution.travel_threshold)


@declare(
    "share", "Excess of citizens just above the visa threshold over a smooth counterfactual",
    "Kleven 2016", dear=True,
)  # fmt: skip
def bunching_visa(o: Observation) -> float:
    return bunching(o, o.world.institution.visa_threshold)


@declare(
    "share", "Citizens within 20 points above the travel threshold: what bunching is an excess of",
    dear=True,
)  # fmt: skip
def near_travel(o: Observation) -> float:
    threshold = o.world.institution.travel_threshold
    low, high = np.searchsorted(o.sorted_scores, (threshold, threshold + _WIDTH))
    return float(ratio(high - low, len(o.sorted_scores)))
