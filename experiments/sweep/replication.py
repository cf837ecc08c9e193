"""How many replicates each point gets: a fixed number, or until its intervals are narrow enough.

Decisions are taken at fixed numbers of replicates, each half as many again, on exactly the first so
many. They are therefore the same however a sweep was interrupted. (An interval that decides when
to stop is a little too narrow, the less so the more replicates the first decision has: hence
``least``. See Chow & Robbins 1965.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.intervals import half_width
from experiments.study.plan import Plan, places_of
from experiments.study.schema import Replication

Values = dict[str, NDArray[np.float64]]


def checkpoints(wanted: Replication) -> list[int]:
    """At how many replicates it is decided whether a point needs more.

    >>> checkpoints(Replication(until={"dissent": 0.01}, least=5, most=20))
    [5, 8, 12, 18, 20]
    """
    found = [wanted.least]
    while found[-1] < wanted.most:
        found.append(min(wanted.most, -(-found[-1] * 3 // 2)))
    return found


def values_of(columns: Mapping[str, Any], plan: Plan, names: list[str], most: int) -> Values:
    """Each measure as (points, replicates); nan where there is no run or no value.

    Args:
        columns: of the runs' table, as lists or arrays.
        plan: the study's.
        names: columns.
        most: how many replicates to look at.
    """
    found = {name: np.full((len(plan.keys), most), np.nan) for name in names}
    done = np.zeros((len(plan.keys), most), bool)
    if len(columns.get("point", ())):
        place = places_of(np.array(plan.keys, np.int64), np.asarray(columns["point"], np.int64))
        replicate = np.asarray(columns["replicate"], np.int64)
        rows = np.flatnonzero((place >= 0) & (replicate < most))
        done[place[rows], replicate[rows]] = True
        for name in names:
            values = np.array(columns[name], float)  # None becomes nan
            found[name][place[rows], replicate[rows]] = values[rows]
    found["_done"] = done
    return found


def replicates_wanted(
    wanted: Replication, values: Values, reference: int | None = None
) -> NDArray[np.int64]:
    """How many replicates each point should have, as far as what is finished tells.

    Args:
        wanted: the study's rule.
        values: of :func:`values_of`, with columns named as measures.
        reference: place of the point against which differences are taken; None for none.
    """
    done = values["_done"]
    steps = checkpoints(wanted)
    found = np.full(len(done), steps[0], np.int64)
    for k in range(len(done)):
        for step in steps:
            found[k] = step
            if not done[k, :step].all() or (
                reference is not None and not done[reference, :step].all()
            ):
                break
            if all(
                _half_width(values[name], k, step, reference) <= width
                for name, width in wanted.until.items()
            ):
                break
    if reference is not None:
        found[reference] = found.max()
    return found


def _half_width(values: NDArray[np.float64], k: int, step: int, reference: int | None) -> float:
    """Half of the interval of a point's mean, or of its mean difference from the reference.

    A measure without a value in some run (of the friends of nobody) is judged by the others; with
    fewer than two it will never get an interval, and asks for no more.
    """
    own = values[k, :step]
    if reference is not None and k != reference:
        own = own - values[reference, :step]
    known = own[~np.isnan(own)]
    if len(known) < 2:
        return 0.0
    return float(half_width(known.var(ddof=1), len(known), len(known) - 1))


class Saved(NamedTuple):
    """What pairing saves in one measure."""

    measure: str
    share: float
    """Of the variance of a difference between two points, the share that twins are spared."""
    low: float
    high: float
    """95 % interval, bootstrapped over replicates."""


def variance_saved(
    values: Values,
    names: list[str],
    reference: int | None = None,
    seed: int = 1,
    resamples: int = 1_000,
) -> list[Saved]:
    """What common random numbers save: ``1 − Σ var(xᵢ − xⱼ) / Σ (var xᵢ + var xⱼ)``.

    The sums go over all pairs of points, or over those with the reference. Only points with a value
    in every replicate count.

    Args:
        values: of :func:`values_of`.
        names: measures.
        reference: place of the point with which others are compared; None for all pairs.
        seed: decides the resamples.
        resamples: how many.
    """
    found = []
    for name in names:
        table = values[name]
        whole: Any = ~np.isnan(table).any(axis=1)
        kept = np.flatnonzero(whole)
        if len(kept) < 2 or table.shape[1] < 2 or (reference is not None and not whole[reference]):
            found.append(Saved(name, float("nan"), float("nan"), float("nan")))
            continue
        base = None if reference is None else int(np.flatnonzero(kept == reference)[0])
        points = table[kept]
        many = points.shape[1]
        draws = np.random.default_rng(seed).integers(0, many, (resamples, many))
        drawn = [_share(points[:, draw], base) for draw in draws]
        known = [share for share in drawn if share == share]
        low, high = np.percentile(known, [2.5, 97.5]) if known else (np.nan, np.nan)
        found.append(Saved(name, _share(points, base), float(low), float(high)))
    return found


def _share(points: NDArray[np.float64], base: int | None) -> float:
    """The share saved in (points, replicates)."""
    own = points.var(axis=1, ddof=1)
    if base is None:
        # Σ_{i<j} var(xᵢ − xⱼ) = P·Σ var xᵢ − var Σ xᵢ, without going through the pairs
        paired = len(points) * own.sum() - points.sum(axis=0).var(ddof=1)
        apart = (len(points) - 1) * own.sum()
    else:
        others = np.arange(len(points)) != base
        paired = (points[others] - points[base]).var(axis=1, ddof=1).sum()
        apart = (own[others] + own[base]).sum()
    return float(1.0 - paired / apart) if apart > 0.0 else float("nan")
