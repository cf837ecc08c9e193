"""What every engine has to pass; see :mod:`model.engine.interface`."""

import numpy as np
import pytest

from experiments.run import lived_noting, simulate
from model.engine.compiled import CompiledEngine
from model.measures import MEASURES, are_of_sums, cheap_names, measure_many
from model.scenario import bundled
from model.tally import empty_notes
from model.world import World

SCENARIOS = sorted(bundled())


class OnePeriodAtATime:
    """An engine of somebody else's: it promises the same, and takes no long calls."""

    def __init__(self) -> None:
        self.inner = CompiledEngine(1)
        self.calls = 0

    def run(self, world, periods, notes=None):
        for k in range(periods):
            self.calls += 1
            row = None if notes is None else type(notes)(*(c[k : k + 1] for c in notes))
            self.inner.run(world, 1, row)

    def needs_compilation(self, world):
        return self.inner.needs_compilation(world)


ENGINES = {"one thread": lambda: CompiledEngine(1), "two threads": lambda: CompiledEngine(2),
           "another": OnePeriodAtATime}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_an_engine_gives_the_same_world_and_the_same_notes(scenario, engine):
    plain = World(scenario, citizens=2_100, seed=5, threads=1)
    world = World(scenario, citizens=2_100, seed=5, engine=ENGINES[engine]())
    names = [n for n in cheap_names(world.shown) if MEASURES[n].of_sums]
    rows = lived_noting(world, 12, names)
    for period, values in rows:
        plain.run(1)
        assert period == plain.period
        expected = measure_many(plain, names).values()
        assert np.array_equal(values, list(expected), equal_nan=True)
    assert world.fingerprint() == plain.fingerprint()


def test_another_engine_is_the_one_that_is_used():
    engine = OnePeriodAtATime()
    world = World(citizens=50, engine=engine)
    world.run(3)
    world.step()
    assert engine.calls == 4


def test_notes_go_on_where_rows_of_friends_had_to_move():
    """A period that is settled in two goes is noted like any other."""
    settings = dict(citizens=300, mean_degree=2, sociability=1.0, review=0.0, max_friends=250,
                    threads=1, seed=3)  # fmt: skip
    world, plain = World(**settings), World(**settings)
    for one in (world, plain):
        one.change(conviction=0.0)
        one.traits.wanted[:] = 200  # everybody looks for friends: rows move, space runs out
    slots = len(world.ties.arrays.friend)
    names = ["mean_degree", "ties_formed", "dissent"]
    rows = lived_noting(world, 60, names)
    assert len(world.ties.arrays.friend) > slots
    for _, values in rows:
        plain.run(1)
        assert values == list(measure_many(plain, names).values())


def test_a_run_noted_by_the_engine_is_the_run_measured_period_by_period():
    assert are_of_sums(cheap_names())
    short, long = World(citizens=400, seed=2), World(citizens=400, seed=2)
    seen = []
    noted = simulate(short, 30, progress=seen.append)
    looked_at = simulate(long, 30, ["score_gini"])  # which no engine notes
    looked_at.series.pop("score_gini")
    assert repr(noted.series) == repr(looked_at.series)  # nan is in them
    assert noted.fingerprint == looked_at.fingerprint
    assert seen == list(range(1, 31))


def test_measures_of_sums_read_nothing_else():
    """Taken from a noted row alone they'd fail if they did."""
    notes = empty_notes(1)
    world = World(citizens=100)
    world.run(1, notes)
    from model.measures import measures_noted

    names = [name for name, entry in MEASURES.items() if entry.of_sums]
    assert len(names) > 20
    row = measures_noted(100, notes, names)[0]
    assert np.array_equal(row, list(measure_many(world, names).values()), equal_nan=True)


def test_many_live_with_every_mechanism_on_any_number_of_threads():
    """So many that the full engine asks ahead, at the end for citizens whom there aren't."""
    from model.engine.full import _ALL_NEAR

    citizens = _ALL_NEAR + 1_000
    settings = dict(citizens=citizens, mean_degree=4, seed=6)
    one, two = (World("sesame_as_reported", threads=k, **settings) for k in (1, 2))
    one.run(3)
    two.run(3)
    assert one.counts[0] > 0
    assert one.fingerprint() == two.fingerprint()
