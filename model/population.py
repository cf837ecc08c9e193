"""The citizens' first values: traits drawn by quantile, so that twin worlds hold twin citizens.

A citizen's uniform for a trait is addressed by the seed and the citizen; the trait is that
quantile of the declared distribution. Moving a mean therefore moves everybody a little instead of
drawing other people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtr, ndtri

from model import memory
from model.chance import Purpose, draw, key_of
from model.choices import ExpressionRule
from model.compilation import compiled
from model.errors import InputError, nearest
from model.life import begin_life
from model.parameters import SCORE_CEILING, SCORE_FLOOR, citizens_record, institution_record
from model.record import FLAGGED, NEWS, expression_of, pack, score_of
from model.rules.scoring import base_score
from model.scenario import Scenario
from model.state import BLOCK, Floats, Present, Traits, empty_present
from model.threads import in_parts

RANGES = {
    "conviction": (-1.0, 1.0),
    "self_censorship": (0.0, 1.0),
    "conformity": (0.0, 1.0),
    "wealth": (0.0, 1.0),
    "score": (SCORE_FLOOR, SCORE_CEILING),
    "expression": (-1.0, 1.0),
    "taste": (-1.0, 1.0),
    "climate": (-1000.0, 1000.0),
}
"""The columns that a user may give instead of having them drawn, with their ranges."""


def truncated_normal(mean: float, spread: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of Normal(mean, spread) truncated to [−1, 1]."""
    if spread == 0.0:
        return np.full_like(u, mean)
    low, high = ndtr((-1.0 - mean) / spread), ndtr((1.0 - mean) / spread)
    quantiles: NDArray[np.float64] = mean + spread * ndtri(low + u * (high - low))
    return np.clip(quantiles, -1.0, 1.0)


def uniform(low: float, high: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the uniform distribution from ``low`` to ``high``."""
    return low + (high - low) * u


def beta(mean: float, concentration: float, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of Beta(m·k, (1 − m)·k); all equal to the mean for k = inf or a mean of 0 or 1.

    >>> beta(0.5, 4.0, np.array([0.5])).round(6).tolist()
    [0.5]
    """
    if np.isinf(concentration) or mean in (0.0, 1.0):
        return np.full_like(u, mean)
    quantiles: NDArray[np.float64] = betaincinv(mean * concentration, (1 - mean) * concentration, u)
    return quantiles


def _drawn(
    distribution: Callable[..., NDArray[np.float64]],
    purpose: Purpose,
    mean: float,
    width: float,
    key: tuple[int, int],
    citizens: int,
    threads: int = 1,
) -> Floats:
    """Everybody's quantile of a distribution."""
    trait: Floats = memory.empty(citizens, np.float32)

    def draw_part(begin: int, end: int) -> None:
        people = np.arange(begin, end, dtype=np.int64)
        uniforms: NDArray[np.float64] = draw(key, int(purpose), 0, people, 0)
        trait[begin:end] = distribution(mean, width, uniforms)

    in_parts(draw_part, citizens, threads, BLOCK, _AT_A_TIME)
    return trait


_AT_A_TIME = 65_536
"""Citizens who come into being together: numbers in between are many times what is kept of them."""
_REMEMBERED = 10_000
"""Citizens up to which traits are remembered: 128 times 40 kB at most."""


@lru_cache(maxsize=128)
def _remembered(*arguments: Any) -> Floats:
    trait = _drawn(*arguments)
    trait.flags.writeable = False
    return trait


"""Twin worlds of a sweep have the same citizens: their traits, which take a fifth of a short run of
1,000 citizens to draw, are drawn once."""


def first_values(
    scenario: Scenario,
    citizens: int,
    wanted: NDArray[np.int32],
    full: bool,
    given: Mapping[str, ArrayLike] | None = None,
    threads: int = 1,
) -> tuple[Traits, Present]:
    """Traits and the public record before the first period: all are silent and unrecorded.

    Args:
        scenario: distributions, base scores and seed.
        citizens: N.
        wanted: (N,) friends that each begins with.
        full: whether mechanisms beyond the score are in force (:mod:`model.mechanisms`).
        given: columns to use instead of drawn ones, each of shape (N,): see :data:`RANGES`.
        threads: draw that many parts at the same time; it doesn't show.
    """
    columns = _checked(given or {}, citizens, full)
    population = scenario.population
    key = key_of(scenario.chance.seed)

    few = citizens <= _REMEMBERED

    def trait(name: str, mean: float, width: float, distribution: Any) -> Floats:
        if name in columns:
            return memory.filled(citizens, np.float32, columns[name])
        what = distribution, Purpose[name], mean, width, key, citizens
        return _remembered(*what).copy() if few else _drawn(*what, threads)

    def share(name: str) -> Floats:
        mean = getattr(population, name)
        return trait(name, mean, getattr(population, f"{name}_concentration"), beta)

    conviction = trait(
        "conviction", population.conviction_mean, population.conviction_spread, truncated_normal
    )
    wealth = share("wealth")
    taste = np.empty(0, np.float32)
    if full:
        taste = trait("taste", population.taste_mean, population.taste_spread, truncated_normal)
    traits = Traits(
        conviction, share("self_censorship"), share("conformity"), wealth,
        memory.filled(citizens, np.int32, wanted), taste,
    )  # fmt: skip
    present = empty_present(citizens, full)
    institution = scenario.institution_in(1)
    if full:
        begin_life(
            slice(None), 1.0, institution_record(institution),
            citizens_record(scenario.citizens, institution), traits, present.life,
        )  # fmt: skip
    present.conviction[:] = conviction
    # not in parallel: it takes little, and reading a researcher's columns is no work for threads
    for begin in range(0, citizens, _AT_A_TIME):
        part = slice(begin, begin + _AT_A_TIME)
        base: Any = base_score(wealth[part].astype(np.float64), institution)  # type: ignore[arg-type]
        score = columns["score"][part].astype(np.float64) if "score" in columns else base
        said = np.zeros(len(base))
        if "expression" in columns:
            said = columns["expression"][part].astype(np.float64)
        pack_all(score, said, present.record[part])
        if full:
            present.life.first_score[part] = present.life.second_score[part] = score
    if full and scenario.citizens.expression_rule is ExpressionRule.spiral:
        present.life.climate[:] = trait("climate", 0.0, 1.0, uniform)
    return traits, present


def change(columns: Mapping[str, ArrayLike], traits: Traits, present: Present) -> None:
    """Set columns of living citizens; see :meth:`model.world.World.change`."""
    citizens = len(present.record)
    whole = {name: np.broadcast_to(values, citizens) if np.ndim(values) == 0 else values
             for name, values in columns.items()}  # fmt: skip
    full = len(present.life.marks) > 0
    checked = _checked(whole, citizens, full)
    recorded = present.record & (NEWS | FLAGGED)
    if full and "score" in checked:  # both operators' too
        present.life.first_score[:] = present.life.second_score[:] = checked["score"]
    score = checked.pop("score", score_of(present.record)).astype(np.float64)
    said = checked.pop("expression", expression_of(present.record)).astype(np.float64)
    pack_all(score, said, present.record)
    present.record[:] |= recorded
    if "conviction" in checked:
        present.conviction[:] = checked.pop("conviction")
    if full and "wealth" in checked:
        present.life.wealth[:] = checked["wealth"]
    if full and "climate" in checked:
        present.life.climate[:] = checked.pop("climate")
    for name, values in checked.items():
        getattr(traits, name)[:] = values


@compiled
def pack_all(score, expression, record):
    """Records of people of whom nothing was recorded yet."""
    for i in range(len(record)):
        record[i] = pack(score[i], expression[i], 0.0)


def _checked(given: Mapping[str, ArrayLike], citizens: int, full: bool) -> dict[str, Floats]:
    columns = {}
    for name, values in given.items():
        if name == "taste" and not full:
            raise InputError("taste: nobody asks for it unless purchases are scored (M8)")
        if name == "climate" and not full:
            raise InputError("climate: nobody listens for it unless expression_rule is spiral")
        if name not in RANGES:
            raise InputError(
                f"there is no citizen column '{name}'{nearest(name, RANGES)} "
                f"(columns: {', '.join(RANGES)})"
            )
        column = np.asarray(values, dtype=np.float64)
        if column.shape != (citizens,):
            raise InputError(f"{name}: {column.shape} values given for {citizens} citizens")
        low, high = RANGES[name]
        wrong = np.flatnonzero(~((column >= low) & (column <= high)))
        if len(wrong):
            at = int(wrong[0])
            raise InputError(f"{name}[{at}] = {column[at]:g} is not in [{low:g}, {high:g}]")
        columns[name] = column.astype(np.float32)
    return columns
