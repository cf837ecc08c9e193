"""How a measure is declared and taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError, nearest
from model.measures.tally import Survey, Tally, survey, tally

if TYPE_CHECKING:
    from model.world import World


class Observation:
    """A world at one moment, with what several measures need computed once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.citizens = world.citizens

    @cached_property
    def tally(self) -> Tally:
        """Sums over citizens."""
        institution = self.world.scenario.institution
        return Tally(
            *tally(
                self.world.now, self.world.ties.arrays.degree, institution.travel_threshold,
                institution.visa_threshold,
            ).tolist()
        )  # fmt: skip

    @cached_property
    def survey(self) -> Survey:
        """Sums over ties."""
        mean = self.tally.expression / self.citizens
        return Survey(*survey(self.world.now, self.world.ties.arrays, mean).tolist())

    @cached_property
    def sorted_scores(self) -> NDArray[np.float64]:
        """(N,) scores, ascending."""
        return np.sort(self.world.score.astype(np.float64))


class Measure(NamedTuple):
    """A declared measure."""

    name: str
    unit: str
    meaning: str
    source: str
    dear: bool
    take: Callable[[Observation], float]


MEASURES: dict[str, Measure] = {}
"""Every measure by its name."""


def declare(
    unit: str, meaning: str, source: str = "definition", *, dear: bool = False, name: str = ""
) -> Callable[[Callable[[Observation], float]], Callable[[Observation], float]]:
    """Register a function of an observation as the measure of its name."""

    def register(take: Callable[[Observation], float]) -> Callable[[Observation], float]:
        key = name or take.__name__
        MEASURES[key] = Measure(key, unit, meaning, source, dear, take)
        return take

    return register


def ratio(part: float, whole: float) -> float:
    """``part / whole``, or nan where there is nothing to divide by."""
    return part / whole if whole else float("nan")


def cheap_names() -> list[str]:
    """The measures that are taken every period."""
    return [name for name, entry in MEASURES.items() if not entry.dear]


def check_names(names: Iterable[str]) -> list[str]:
    """The names, if each is a measure.

    Raises:
        InputError: naming the first that is not, and the nearest that is.
    """
    names = list(names)
    for name in names:
        if name not in MEASURES:
            raise InputError(f"there is no measure '{name}'{nearest(name, MEASURES)}")
    return names


def measure_many(world: World, names: Iterable[str] | None = None) -> dict[str, float]:
    """Measures by name, all of them if none are named."""
    observation = Observation(world)
    chosen: Any = MEASURES if names is None else check_names(names)
    return {name: float(MEASURES[name].take(observation)) for name in chosen}


def measure(world: World, name: str) -> float:
    """One measure."""
    return measure_many(world, [name])[name]
