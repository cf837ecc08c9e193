"""Which factors matter: Sobol' indices, elementary effects, PAWN. The methods are SALib's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import Results
from experiments.study.designs import Morris, Saltelli, needs_salib
from experiments.study.factors import Factor, Levels
from experiments.study.problem import problem, salib_seed
from model.errors import InputError

LUCK = "luck"
"""The factor that a run's seed is."""
DUMMY = "nothing"
"""A factor that no run depends on: what an index is by chance alone."""

_RESAMPLES = 1_000
_PAWN_RESAMPLES = 200


class Index(NamedTuple):
    """A factor's index with its 95 % interval."""

    factor: str
    kind: str
    """``first``, ``total``, ``mu_star``, ``sigma`` or ``pawn``."""
    value: float
    low: float
    high: float


def sobol_indices(
    results: Results, measure: str, design: Saltelli, factors: dict[str, Factor], seed: int
) -> list[Index]:
    """First and total indices of a Saltelli design's factors (Saltelli et al. 2010).

    *First*: the share of a measure's variance that a factor explains by itself; *total*: with all
    its interactions. If luck is a factor, its total index is what no parameter decides. Intervals
    are bootstrapped over base points. Base points with a run that has no value are left out.

    Raises:
        InputError: if too few base points are whole.
    """
    with needs_salib():
        from SALib.analyze import sobol
    names = [*factors, *([LUCK] if design.noise else [])]
    block = len(names) * (2 if design.second_order else 1) + 2
    values = results.of_rows(measure)[: design.points * block].reshape(-1, block)
    whole = values[~np.isnan(values).any(axis=1)]
    if len(whole) < 8:
        raise InputError(
            f"{measure}: {len(whole)} of {design.points} base points have a value in every run; "
            "too few for indices"
        )
    if np.ptp(whole) == 0.0:
        return [Index(name, kind, float("nan"), float("nan"), float("nan"))
                for kind in ("first", "total") for name in names]  # fmt: skip
    found = sobol.analyze(
        problem(len(names)), (whole - whole.mean()).ravel(),
        calc_second_order=design.second_order, num_resamples=_RESAMPLES, keep_resamples=True,
        seed=salib_seed(seed),
    )  # fmt: skip
    indices = []
    for kind, key in (("first", "S1"), ("total", "ST")):
        low, high = np.percentile(found[f"{key}_conf_all"], [2.5, 97.5], axis=0)
        indices += [
            Index(name, kind, float(found[key][k]), float(low[k]), float(high[k]))
            for k, name in enumerate(names)
        ]
    return indices


def elementary_effects(
    results: Results, measure: str, design: Morris, factors: dict[str, Factor], seed: int
) -> list[Index]:
    """Elementary effects of a Morris design (Morris 1991; Campolongo et al. 2007).

    ``mu_star``: mean absolute effect of moving a factor through its whole range; ``sigma``: their
    spread, by interactions and curvature. σ's interval is bootstrapped over trajectories.
    """
    with needs_salib():
        from SALib.analyze import morris
    names = list(factors)
    block = len(names) + 1
    sample = design.sample(len(names), seed)
    values = results.of_rows(measure)[: len(sample)].reshape(-1, block)
    whole = ~np.isnan(values).any(axis=1)
    if whole.sum() < 2:
        raise InputError(f"{measure}: fewer than two trajectories have a value in every run")
    trajectories = sample.reshape(-1, block, len(names))[whole]
    values = values[whole]
    found = morris.analyze(
        problem(len(names)), trajectories.reshape(-1, len(names)), values.ravel(),
        num_levels=design.levels, num_resamples=_RESAMPLES, seed=salib_seed(seed),
    )  # fmt: skip
    effects = _effects(trajectories, values)
    draws = np.random.default_rng(seed).integers(0, len(effects), (_RESAMPLES, len(effects)))
    spread = effects[draws].std(axis=1, ddof=1)
    star = np.abs(effects)[draws].mean(axis=1)
    indices = []
    for kind, values_of, drawn in (("mu_star", found["mu_star"], star),
                                   ("sigma", found["sigma"], spread)):  # fmt: skip
        low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
        indices += [
            Index(name, kind, float(values_of[k]), float(low[k]), float(high[k]))
            for k, name in enumerate(names)
        ]
    return indices


def _effects(trajectories: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(trajectories, factors): each step's change over its factor's step."""
    steps = np.diff(trajectories, axis=1)
    changes = np.diff(values, axis=1)
    moved = np.abs(steps).argmax(axis=2)
    sizes = np.take_along_axis(steps, moved[:, :, None], axis=2)[:, :, 0]
    effects = np.empty((len(trajectories), trajectories.shape[2]))
    np.put_along_axis(effects, moved, changes / sizes, axis=1)
    return effects


def pawn_indices(
    results: Results,
    measure: str,
    factors: dict[str, Factor],
    clusters: NDArray[np.int64],
    seed: int,
) -> list[Index]:
    """PAWN indices of whatever was sampled (Pianosi & Wagener 2018).

    How far a measure's distribution moves if a factor is held: the median over ten slices of the
    Kolmogorov–Smirnov distance, 0 to 1. Every run counts, replicates too. The last entry is of a
    factor that nothing depends on, with a value for each point as any factor has: what the index is
    by chance. Intervals are bootstrapped over points that were drawn together.
    """
    with needs_salib():
        from SALib.analyze import pawn
    table = results.values(measure)
    place, replicate = np.nonzero(~np.isnan(table))
    values = table[place, replicate]
    if len(np.unique(place)) < 30:
        raise InputError(f"{len(np.unique(place))} points with a value are too few; 30 are needed")
    generator = np.random.default_rng(seed)
    columns = [_position(results, name, factor, generator)[place]
               for name, factor in factors.items()]  # fmt: skip
    nothing = generator.random(len(results.plan.points))[place]
    sample = np.column_stack([*columns, nothing])
    names = [*factors, DUMMY]
    described = problem(len(names))

    def medians(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.asarray(pawn.analyze(described, sample[rows], values[rows])["median"], float)

    found = medians(np.arange(len(values)))
    _, cluster = np.unique(clusters[place], return_inverse=True)
    members = np.split(np.argsort(cluster, kind="stable"), np.cumsum(np.bincount(cluster))[:-1])
    drawn = np.array([
        medians(np.concatenate([members[k] for k in generator.integers(0, len(members),
                                                                       len(members))]))
        for _ in range(_PAWN_RESAMPLES)
    ])  # fmt: skip
    # resampled rows repeat, which adds distance: the spread counts, not the level
    low, high = np.percentile(drawn - drawn.mean(axis=0), [2.5, 97.5], axis=0)
    return [
        Index(name, "pawn", float(found[k]), float(max(found[k] + low[k], 0.0)),
              float(min(found[k] + high[k], 1.0)))
        for k, name in enumerate(names)
    ]  # fmt: skip


def _position(
    results: Results, name: str, factor: Factor, generator: np.random.Generator
) -> NDArray[np.float64]:
    """(points,) where each point lies in a factor's range; levels are spread out at random."""
    values = results.at(name)
    if isinstance(factor, Levels) or factor.whole or factor.steps is not None:
        levels = results.levels(name)
        if len(levels) < len(values) / 2:
            rank = {level: k for k, level in enumerate(levels)}
            within = np.array([rank[value] for value in values]) + generator.random(len(values))
            spread: NDArray[np.float64] = within / len(levels)
            return spread
    return np.array(values, float)
