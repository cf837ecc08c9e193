"""One run: advance a world, take measures as it goes, keep the outcome."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from model.engine.compiled import LONGEST_CALL
from model.measures import (
    are_of_sums,
    cheap_names,
    check_names,
    measure_many,
    measures_noted,
)
from model.tally import empty_notes

if TYPE_CHECKING:
    from experiments.checkpoints import Checkpoints
    from model.society import Society
    from model.world import World

Series = dict[str, list[float]]
_CHECK_EVERY = 100
Progress = Callable[[int], None]


class Outcome(NamedTuple):
    """What a run left behind."""

    series: Series
    """Column → one value for the start and for each measured period."""
    measures: dict[str, float]
    """Measures at the end."""
    fingerprint: str
    seconds: float
    """Wall time of the periods and their measures, without building and compiling; of a run that
    went on from a checkpoint, since then."""


def simulate(
    world: World,
    periods: int,
    names: Iterable[str] = (),
    every: int = 1,
    progress: Progress | None = None,
    society: Society | None = None,
    at_end: Iterable[str] | None = None,
    checkpoints: Checkpoints | None = None,
) -> Outcome:
    """Run a world and measure it.

    Args:
        world: the world to advance.
        periods: how many periods.
        names: measures to take besides the cheap ones.
        every: take the series every so many periods.
        progress: called with the period after each.
        society: the Mesa model around ``world``, to advance it by the Mesa engine.
        at_end: the measures to take at the end; all of them by default.
        checkpoints: where the run is written down as it goes, and goes on from.

    Raises:
        InputError: if there is a checkpoint of another run.
    """
    cheap = cheap_names(world.shown)
    columns = [*cheap, *check_names(name for name in names if name not in cheap)]
    series: Series = {"period": [], **{name: [] for name in columns}}
    begun = time.perf_counter()

    def note() -> None:
        series["period"].append(world.period)
        for name, value in measure_many(world, columns).items():
            series[name].append(value)

    noting = every == 1 and society is None and are_of_sums(columns)
    begun_at = world.period
    so_far = checkpoints.resume(world) if checkpoints else None
    if so_far is None:
        note()
    else:
        series = so_far
        if progress:
            for period in range(1, world.period - begun_at + 1):
                progress(period)
    period = world.period - begun_at
    while period < periods:
        lived = 1
        if noting:
            # as many as one call of the loop lives; a checkpoint is taken between two calls
            lived = min(periods - period, max(LONGEST_CALL // world.citizens, 1))
            if checkpoints:
                lived = min(lived, checkpoints.every - period % checkpoints.every)
            for number, values in lived_noting(world, lived, columns):
                series["period"].append(number)
                for name, value in zip(columns, values, strict=True):
                    series[name].append(value)
        elif society is None:
            world.run(1)  # one call of the loop where a step would make two
        else:
            society.step()
        if progress:
            for number in range(period + 1, period + lived + 1):
                progress(number)
        period += lived
        if not noting and (period % every == 0 or period == periods):
            note()
        if checkpoints and period % checkpoints.every == 0 and period < periods:
            checkpoints.save(world, series)
    seconds = time.perf_counter() - begun
    return Outcome(series, measure_many(world, at_end), world.fingerprint(), seconds)


def lived_noting(world: World, periods: int, names: Sequence[str]) -> list[tuple[int, list[float]]]:
    """Advance by ``periods``; measures of sums after each, without returning in between.

    Returns:
        (period, values in the order of ``names``) for each.
    """
    notes = empty_notes(periods)
    before = world.period
    world.run(periods, notes)
    rows = measures_noted(world.citizens, notes, names)
    return [(before + k + 1, row) for k, row in enumerate(rows)]


def measured(
    world: World,
    periods: int,
    names: Sequence[str],
    window: int = 1,
    every: int = 1,
    final: Sequence[str] = (),
    series: Sequence[str] = (),
    series_every: int = 1,
    check: Callable[[], None] | None = None,
) -> tuple[dict[str, float], Series | None]:
    """Advance a world and measure it.

    Periods in which a measure has no value are left out of its mean; it is nan if it never had one.

    Args:
        world: the world to advance, from its beginning.
        periods: by how much.
        names: measures whose mean over the last ``window`` periods is taken.
        window: over how many periods.
        every: of them, every so many, counted from the last.
        final: measures taken at the end: ``…_final``.
        series: measures taken at the start and every ``series_every`` periods.
        series_every: see there.
        check: called every 100 periods, and more often; may raise.

    Returns:
        the values, and the series if there is one.
    """
    sums = dict.fromkeys(names, 0.0)
    taken = dict.fromkeys(names, 0)
    noted: Series = {"period": [], **{name: [] for name in series}}

    def note() -> None:
        noted["period"].append(world.period)
        for name, value in measure_many(world, series).items():
            noted[name].append(value)

    if series:
        note()
    stops = set(range(periods, max(periods - window, 0), -every)) | {periods}
    if series:
        stops |= set(range(series_every, periods, series_every))
    if check is not None:
        stops |= set(range(_CHECK_EVERY, periods, _CHECK_EVERY))
    noting = every == 1 and not series and are_of_sums(check_names(names))

    def take(values: Iterable[tuple[str, float]]) -> None:
        for name, value in values:
            if value == value:  # a measure of nobody (the friends of no dissenters) has none
                sums[name] += value
                taken[name] += 1

    if noting:  # up to the window in long calls, and then through it
        first = max(periods - window, 0)
        stops = {stop for stop in stops if stop <= first or stop % _CHECK_EVERY == 0}
        stops |= {first, periods}
    for stop in sorted(stops):
        left = periods - stop
        inside = left < window
        if inside and noting:
            for _, row in lived_noting(world, stop - world.period, names):
                take(zip(names, row, strict=True))
        else:
            world.run(stop - world.period)
            if inside and left % every == 0:
                take(measure_many(world, names).items())
        if series and (stop % series_every == 0 or left == 0):
            note()
        if check is not None:
            check()
    values = {name: sums[name] / taken[name] if taken[name] else float("nan") for name in names}
    if final:
        values |= {f"{name}_final": value for name, value in measure_many(world, final).items()}
    return values, noted if series else None


def window_means(
    world: World, periods: int, names: Sequence[str], window: int = 1, every: int = 1
) -> dict[str, float]:
    """Advance by ``periods`` and return each measure's mean over the last ``window`` of them."""
    return measured(world, periods, names, window, every)[0]
