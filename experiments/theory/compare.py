"""The mean field against simulation: at three sizes, off its ground, and along a ramp."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.study.plan import Case
from experiments.study.schema import SCENARIO
from experiments.sweep.coordinator import gather
from experiments.sweep.scored import ScoredRun
from experiments.theory.hysteresis import Loop, loop, there_and_back
from experiments.theory.mean_field import MeanField
from model.chance import replicate_seed
from model.scenario import Scenario, load

MEASURES = ("dissent", "silence", "praise", "mean_score")
SIZES = (100, 400, 1_600)
_PERIODS, _WINDOW = 200, 50
_FINE = (15, 9, 9, 5)
_BEGINNINGS = (0.0, 1.0, -1.0)
"""First expressions from which states at rest are looked for: all silent, dissenting, praising."""
_NAMES = ("no_institution", "conduct_only", "guilt_by_association")
# W without the steps of benefits: a mean field of score has no fluctuations to cross them
_SMOOTH: dict[str, Any] = {"travel_value": 0.0, "visa_value": 0.0}
_MIXED: dict[str, Any] = {"generator": "complete", "review": 0.0, "sociability": 0.0, **_SMOOTH}
RAMP = "dissent_penalty"
_RAMPED: dict[str, Any] = {
    **_MIXED, "conformity": 0.7, "conformity_concentration": math.inf, "conviction_mean": 0.5,
    "praise_reward": 0.0, "detection": 0.3,
}  # fmt: skip
"""Conduct only, with much conformity among critics: both folds lie between 0 and 60 points, and
the state in which all praise beyond. Chosen for that, as an example of a loop."""
_LOW, _HIGH, _REST = 0.0, 60.0, 60
_CROSSING = 0.5


class Comparison(NamedTuple):
    """Theory and simulation of a society, in the last periods."""

    name: str
    where: str
    """On which network, with how many people."""
    covered: bool
    """Whether the theory claims to hold there."""
    theory: NDArray[np.float64]
    """(4,) dissent, silence, praise, mean score."""
    simulated: NDArray[np.float64]
    error: NDArray[np.float64]
    """Standard errors over replicates."""
    course: NDArray[np.float64]
    """(periods, 4) of the theory."""
    courses: NDArray[np.float64]
    """(replicates, periods, 4) simulated."""


class Rest(NamedTuple):
    """A state at rest of the mean field."""

    name: str
    shares: NDArray[np.float64]
    """(4,) dissent, silence, praise, mean score."""
    radius: float
    """Spectral radius of the map there: the share of a small push that is left a period later."""


class Ramp(NamedTuple):
    """The ramped institution: theory's loop, and simulated ways there and back."""

    loop: Loop
    values: NDArray[np.float64]
    """(periods,) of the parameter."""
    dissent: dict[int, NDArray[np.float64]]
    """Size → (replicates, periods)."""

    def crossings(self, size: int) -> NDArray[np.float64]:
        """(replicates, 2) values at which dissent falls below one half, and comes back above it.

        The first is inf for who never falls, the second −inf for who never comes back. The
        beginning, before anything moves, is left out.
        """
        turn = int(np.argmax(self.values))
        found = []
        for row in self.dissent[size]:
            fallen = np.flatnonzero(row[_REST:turn] < _CROSSING)
            back = np.flatnonzero(row[turn:] > _CROSSING)
            found.append([
                self.values[_REST + fallen[0]] if len(fallen) else np.inf,
                self.values[turn + back[0]] if len(back) else -np.inf,
            ])  # fmt: skip
        return np.array(found)


def settings() -> list[tuple[str, str, bool, Scenario, float | None]]:
    """What is compared: name, where, whether covered, the scenario, and friends of each."""
    found: list[tuple[str, str, bool, Scenario, float | None]] = [
        (name, f"all, N = {size:,}", True,
         load(name).replace(**{**_MIXED, "citizens": size}), None)
        for name in _NAMES for size in SIZES
    ]  # fmt: skip
    base = load("guilt_by_association")
    still = {"review": 0.0, "sociability": 0.0, "citizens": 1_600}
    found += [
        ("guilt_by_association", "all, with benefits", False,
         base.replace(**{**_MIXED, "travel_value": 0.25, "visa_value": 0.25, "citizens": 1_600}),
         None),
        ("guilt_by_association", "small world, 10 friends", False,
         base.replace(**_SMOOTH, **still), 10.0),
        ("guilt_by_association", "small world, 4 friends", False,
         base.replace(**_SMOOTH, **still, mean_degree=4.0), 4.0),
        ("guilt_by_association", "small world, pruning", False,
         base.replace(**_SMOOTH, citizens=1_600, friendship_value=0.05), 10.0),
    ]  # fmt: skip
    return found


def compare(
    replicates: int, seed: int, workers: int | None = None,
    on_run: Callable[[], None] = lambda: None,
) -> list[Comparison]:  # fmt: skip
    """Run every setting, and put the theory beside it."""
    chosen = settings()
    courses = _simulated(
        {str(k): one[3] for k, one in enumerate(chosen)}, _PERIODS, replicates, seed, MEASURES,
        workers, on_run,
    )  # fmt: skip
    found = []
    for k, (name, where, covered, scenario, friends) in enumerate(chosen):
        course, _ = MeanField(scenario, friends, _FINE).course(_PERIODS)
        late = courses[str(k)][:, -_WINDOW:].mean(axis=1)
        found.append(Comparison(
            name, where, covered, course[-_WINDOW:].mean(axis=0), late.mean(axis=0),
            late.std(axis=0, ddof=1) / math.sqrt(len(late)), course, courses[str(k)],
        ))  # fmt: skip
    return found


def states_at_rest() -> list[Rest]:
    """The states to which silence, dissent and praise lead, and how stable they are."""
    found: list[Rest] = []
    for name in _NAMES:
        field = MeanField(load(name).replace(**_MIXED), None, _FINE)
        shares: list[NDArray[np.float64]] = []
        for first in _BEGINNINGS:
            state = field.rest(field.first(first))
            own = field.shares(state)
            if not any(np.allclose(own[:3], other[:3], atol=1e-3) for other in shares):
                shares.append(own)
                found.append(Rest(name, own, field.radius(state)))
    return found


def ramp(
    sizes: tuple[int, ...], periods: int, replicates: int, seed: int, workers: int | None = None,
    on_run: Callable[[], None] = lambda: None,
) -> Ramp:  # fmt: skip
    """The loop of the mean field, and simulated ways down and up again.

    Args:
        sizes: numbers of people.
        periods: of each way.
        replicates: of each size.
        seed: decides all runs.
        workers: processes.
        on_run: called after each run.
    """
    base = load("conduct_only").replace(**_RAMPED)
    theory = loop(base, RAMP, _LOW, _HIGH)
    scenarios, values = {}, np.empty(0)
    for size in sizes:
        scenario = base.replace(citizens=size)
        scenarios[str(size)], values = there_and_back(scenario, RAMP, _LOW, _HIGH, _REST, periods)
    courses = _simulated(scenarios, len(values), replicates, seed, ("dissent",), workers, on_run)
    return Ramp(theory, values, {size: courses[str(size)][:, :, 0] for size in sizes})


def _simulated(
    scenarios: dict[str, Scenario], periods: int, replicates: int, seed: int,
    measures: tuple[str, ...], workers: int | None, on_run: Callable[[], None],
) -> dict[str, NDArray[np.float64]]:  # fmt: skip
    """Name → (replicates, periods, measures), every run with luck of its own."""
    configuration = ScoredRun(
        {name: scenario.tables() for name, scenario in scenarios.items()}, next(iter(scenarios)),
        periods, measures, series=measures,
    )  # fmt: skip
    cases = [
        Case(k, r, replicate_seed(seed, r, k + 1), {SCENARIO: name})
        for r in range(replicates) for k, name in enumerate(scenarios)
    ]  # fmt: skip
    found = {name: np.full((replicates, periods, len(measures)), np.nan) for name in scenarios}
    for result in gather(configuration, cases, workers):
        assert result.output is not None  # noqa: S101  (gather sees to it)
        assert result.output.series is not None  # noqa: S101  (it was asked for)
        table = result.output.series
        columns = [np.array(table[name], float)[-periods:] for name in measures]
        name = result.case.parameters[SCENARIO]
        found[name][result.case.replicate] = np.column_stack(columns)
        on_run()
    return found
