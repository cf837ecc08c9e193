"""Twin worlds: two rules, the same citizens, the same luck.

Chance has addresses, so two worlds with one seed differ by the rule alone. The effect of the rule
is the mean of the paired differences over replicates; its interval is Student's for pairs.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from experiments.intervals import half_width
from experiments.study.plan import Case
from experiments.study.schema import SCENARIO
from experiments.sweep.coordinator import gather
from experiments.sweep.scored import ScoredRun
from model.chance import replicate_seed
from model.scenario import Scenario


class Effect(NamedTuple):
    """The effect of rule B against rule A on one measure."""

    measure: str
    mean_a: float
    mean_b: float
    effect: float
    """Mean of the paired differences B − A; nan if a world had no value."""
    half_width: float
    """Half of the confidence interval's width."""
    independent: float
    """About how many independent replicates, each with A and with B, give the same width."""


def compare(
    a: Scenario,
    b: Scenario,
    replicates: int,
    periods: int,
    measures: list[str],
    window: int = 1,
    workers: int | None = None,
    network_file: str = "",
    on_row: object = None,
) -> list[Effect]:
    """Run ``replicates`` pairs of twin worlds; replicate r of both has the same seed.

    The seeds follow from the seed of ``a``.
    """
    configuration = ScoredRun(
        {"a": a.tables(), "b": b.tables()}, "a", periods, tuple(measures), window,
        network_file=network_file,
    )  # fmt: skip
    cases = [
        Case(point, replicate, replicate_seed(a.chance.seed, replicate), {SCENARIO: "ab"[point]})
        for replicate in range(replicates)
        for point in (0, 1)
    ]
    values = np.full((replicates, 2, len(measures)), np.nan)
    for result in gather(configuration, cases, workers):
        assert result.output is not None  # noqa: S101  (gather sees to it)
        values[result.case.replicate, result.case.point] = [
            result.output.values[name] for name in measures
        ]
        if callable(on_row):
            on_row()
    return [effect_of(name, values[:, 0, k], values[:, 1, k]) for k, name in enumerate(measures)]


def effect_of(name: str, a: np.ndarray, b: np.ndarray) -> Effect:
    """Paired effect of B against A.

    Independent worlds would have an interval from the sum of both variances instead of the
    variance of differences. Both are estimates, and so is the number of replicates that it takes.

    >>> effect_of("x", np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.1, 4.0])).effect.round(4)
    np.float64(1.0333)
    """
    difference = b - a
    n = len(difference)
    mean = difference.mean()
    if n < 2 or math.isnan(mean):
        return Effect(name, a.mean(), b.mean(), mean, float("nan"), float("nan"))
    variance = difference.var(ddof=1)
    half = half_width(variance, n, n - 1)
    apart = a.var(ddof=1) + b.var(ddof=1)
    # nothing to compare if both worlds never vary
    independent = _replicates_for(half, apart) if variance > 0 else float("nan")
    return Effect(name, a.mean(), b.mean(), mean, half, independent)


def _replicates_for(width: float, variance: float) -> float:
    """The least R for which two samples of R give an interval of at most this half width.

    ``t(2R − 2) · √(variance / R)`` falls with R; ``variance`` is the sum of both samples'.
    """

    def half(replicates: float) -> float:
        return float(half_width(variance, replicates, 2 * replicates - 2))

    low, high = 1, 2
    while half(high) > width:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if half(middle) <= width else (middle, high)
    return float(high)


def network_differences(one: Scenario, other: Scenario) -> str:
    """Parameters by which two scenarios have different networks."""
    pairs = zip(one.parameters().items(), other.parameters().values(), strict=True)
    networks = {"citizens", *type(one.network).model_fields} - {"follows"}  # friends are the same
    return ", ".join(
        f"{name} ({mine} and {theirs})"
        for (name, mine), theirs in pairs
        if mine != theirs and name in networks
    )
