"""How a measure is declared and taken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from model.errors import InputError, nearest
from model.life import ENROLLED
from model.measures.survey import Survey, survey
from model.tally import Census, Notes, Tally, census, empty_notes

if TYPE_CHECKING:
    from model.authority import Account
    from model.world import World


class Sums(Protocol):
    """All that measures of sums need: of a world as it is, or as it was noted."""

    citizens: int

    @property
    def tally(self) -> Tally:
        """Sums over citizens."""

    @property
    def counts(self) -> Sequence[int]:
        """What happened so far; places are named in :mod:`model.state`."""


class Noted(NamedTuple):
    """A period of which an engine noted the sums."""

    citizens: int
    tally: Tally
    counts: Sequence[int]


class Observation:
    """A world at one moment, with what several measures need computed once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.citizens = world.citizens

    @property
    def counts(self) -> Sequence[int]:
        """What happened so far; places are named in :mod:`model.state`."""
        counts: Any = self.world.counts
        return counts

    @cached_property
    def tally(self) -> Tally:
        """Sums over citizens."""
        row = empty_notes(1).tallies[0]
        self.world.add_up(row)
        return Tally(*row.tolist())

    @cached_property
    def account(self) -> Account:
        """Dissent and punishments, as an authority sees them."""
        from model.authority import account_of

        return account_of(self.world.now, self.world.institution_record)

    @cached_property
    def census(self) -> Census:
        """Sums over citizens of what mechanisms beyond the score do."""
        world = self.world
        if world.full:
            belief = world.citizens_record.believed_detection
            return Census(
                *census(world.now, world.traits, world.institution.whitelist_after,
                        belief).tolist()
            )  # fmt: skip
        wealth = float(world.traits.wealth.sum(dtype=np.float64))
        return Census(
            enrolled=self.citizens, enrolled_critics=self.tally.critics, wealth=wealth,
            wealth_enrolled=wealth,
            belief=self.citizens * world.citizens_record.believed_detection,
        )  # fmt: skip

    @cached_property
    def survey(self) -> Survey:
        """Sums over ties."""
        mean = self.tally.expression / self.citizens
        return Survey(*survey(self.world.now, self.world.ties.arrays, mean).tolist())

    @cached_property
    def sorted_scores(self) -> NDArray[np.float64]:
        """Scores of those who carry one, ascending."""
        world = self.world
        carried = (
            world.score if not world.full else world.score[world.now.life.marks & ENROLLED > 0]
        )
        return np.sort(carried.astype(np.float64))


class Measure(NamedTuple):
    """A declared measure."""

    name: str
    unit: str
    meaning: str
    source: str
    dear: bool
    of: str
    """The mechanism, or "moving" and a parameter, where it is taken; empty for everywhere."""
    of_sums: bool
    """Whether it asks for no more than :class:`Sums`, so that an engine can note it."""
    take: Callable[[Any], float]


MEASURES: dict[str, Measure] = {}
"""Every measure by its name."""


def declare(
    unit: str,
    meaning: str,
    source: str = "definition",
    *,
    dear: bool = False,
    name: str = "",
    of: str = "",
    of_sums: bool = False,
) -> Callable[[Callable[[Any], float]], Callable[[Any], float]]:
    """Register a function of an :class:`Observation` as the measure of its name.

    ``of_sums``: it reads nothing but :class:`Sums`.
    """

    def register(take: Callable[[Any], float]) -> Callable[[Any], float]:
        key = name or take.__name__
        MEASURES[key] = Measure(key, unit, meaning, source, dear, of, of_sums, take)
        return take

    return register


def ratio(part: float, whole: float) -> float:
    """``part / whole``, or nan where there is nothing to divide by."""
    return part / whole if whole else float("nan")


def _in_force(entry: Measure, shown: Collection[str]) -> bool:
    return not entry.of or entry.of in shown


def cheap_names(shown: Collection[str] = ()) -> list[str]:
    """The measures that are taken every period; ``shown`` is that of a scenario."""
    return [name for name, entry in MEASURES.items() if not entry.dear and _in_force(entry, shown)]


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


def are_of_sums(names: Iterable[str]) -> bool:
    """Whether an engine's notes are all that these measures need."""
    return all(MEASURES[name].of_sums for name in names)


def measures_noted(citizens: int, notes: Notes, names: Sequence[str]) -> list[list[float]]:
    """Measures of sums by period as an engine noted them: a row a period, in the order named."""
    takes = [MEASURES[name].take for name in names]
    rows = []
    for sums, counts in zip(notes.tallies.tolist(), notes.counts.tolist(), strict=True):
        noted = Noted(citizens, Tally(*sums), counts)
        rows.append([float(take(noted)) for take in takes])
    return rows


def measure_many(world: World, names: Iterable[str] | None = None) -> dict[str, float]:
    """Measures by name; if none are named all but those of mechanisms that are not in force."""
    observation = Observation(world)
    chosen: Any = check_names(names) if names is not None else [
        name for name, entry in MEASURES.items() if _in_force(entry, world.shown)
    ]  # fmt: skip
    return {name: float(MEASURES[name].take(observation)) for name in chosen}


def measure(world: World, name: str) -> float:
    """One measure."""
    return measure_many(world, [name])[name]
