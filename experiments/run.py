"""One run: advance a world, take measures as it goes, keep the outcome."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from model.measures import cheap_names, check_names, measure_many

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

    begun_at = world.period
    so_far = checkpoints.resume(world) if checkpoints else None
    if so_far is None:
        note()
    else:
        series = so_far
        if progress:
            for period in range(1, world.period - begun_at + 1):
                progress(period)
    for period in range(world.period - begun_at + 1, periods + 1):
        if society is None:
            world.run(1)  # one call of the loop where a step would make two
        else:
            society.step()
        if period % every == 0 or period == periods:
            note()
        if checkpoints and period % checkpoints.every == 0 and period < periods:
            checkpoints.save(world, series)
        if progress:
            progress(period)
    seconds = time.perf_counter() - begun
    return Outcome(series, measure_many(world, at_end), world.fingerprint(), seconds)


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
    for stop in sorted(stops):
        world.run(stop - world.period)
        left = periods - stop
        if left < window and left % every == 0:
            for name, value in measure_many(world, names).items():
                if value == value:  # a measure of nobody (the friends of no dissenters) has none
                    sums[name] += value
                    taken[name] += 1
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
