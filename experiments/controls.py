"""Null worlds for every claim on who is friends with whom: is it the score, or would it be anyway?

The same citizens with the same luck, five times:

- *scenario*: as it is;
- *score off*: nothing is recorded, rewarded or punished (the scenario ``no_institution``);
- *placebo*: who is recorded pays for it as ever, but what others find on record is dealt out anew
  among all citizens in each period: as many records burden as many friends, and say nothing of whom
  they name. (Scores stay: where friends' scores pull, that channel stays open.)
- *frozen*: nobody ends or begins a friendship: what points passed between the same friends give;
- *rewired*: the scenario's last state on its own friendships, rewired at random with every degree
  kept (Maslov & Sneppen 2002): what degrees alone would give. Of a correlation that is about
  nothing, so that to differ from it says that there is one; of the E–I index it is more.

Beside them stand dissent and ties cut, since a null world in which nobody speaks or parts explains
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.special import stdtr

from experiments.intervals import half_width
from experiments.study.plan import Case
from experiments.sweep.coordinator import gather
from experiments.sweep.running import Deadline, Output
from model.chance import Purpose, below, draw, draws, key_of, replicate_seed
from model.compilation import compiled
from model.errors import InputError
from model.measures import measure_many
from model.record import FLAGGED, NEWS
from model.scenario import Scenario, build, load
from model.ties import Ties, add_tie, are_friends, end_tie
from model.world import World

KINDS = ("scenario", "score off", "placebo", "frozen", "rewired")
MEASURES = ("assortativity_score", "assortativity_conviction", "ei_index", "dissent", "ties_cut")
_POINTS_ALONE = frozenset({
    "M2 enrolment", "M8 lifestyle", "M10 flaunting", "M18 turnover", "M20 exit", "M21 wealth",
    "M23 peer enforcement", "adaptive institution",
})  # fmt: skip
ISOLATION = "isolation"
"""Friends that others have more than those who dissent."""
_SWAPS_PER_TIE = 10
_EVENT = int(Purpose.event)
_DEALT = NEWS | FLAGGED
_KEPT_BY_REWIRING = (ISOLATION, "dissent", "ties_cut")
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class ControlRun:
    """A :class:`experiments.sweep.running.RunConfiguration` for one kind of world."""

    tables: Mapping[str, Any]
    periods: int
    preload: tuple[str, ...] = ("experiments.sweep.warm", "experiments.controls")

    def identity(self) -> Mapping[str, Any]:
        """What decides a run."""
        return {"tables": self.tables, "periods": self.periods}

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """One world of a kind; further parameters are the scenario's."""
        changes = {name: value for name, value in parameters.items() if name != "kind"}
        kind = parameters["kind"]
        scenario = build(self.tables, {**changes, "seed": seed}, "control")
        if kind == "score off":
            scenario = without_scores(scenario)
        if kind == "frozen":
            scenario = scenario.replace(review=0.0, sociability=0.0)
        world = World(scenario, threads=1)
        if kind == "placebo":
            for _ in range(self.periods):
                world.run(1)
                deal_anew(world)
                deadline.check()
        else:
            world.run(self.periods)
        if kind == "rewired":
            rewire(world)
        return Output(measured(world))


def without_scores(scenario: Scenario) -> Scenario:
    """The same people where nothing is recorded, rewarded or punished."""
    off = load("no_institution").parameters()
    own = scenario.parameters()
    institution = {name: off[name] for name in scenario.tables()["institution"]}
    institution |= {name: own[name] for name in ("base_low", "base_high")}
    return scenario.replace(**institution, adaptation_rule="none", program=[])


def deal_anew(world: World) -> None:
    """Deal records out anew among all citizens; scores and what is said stay where they are.

    Whoever was recorded has been scored for it. Only friends read what lies there now.
    """
    people = np.arange(world.citizens, dtype=np.int64)
    luck: Any = draw(world.key, _EVENT, world.period, people, 1)
    record = world.now.record
    record[:] = (record & ~_DEALT) | (record & _DEALT)[np.argsort(luck)]


@compiled
def swap_ends(ties, source, target, key, attempts):
    """Swap the far ends of two ties drawn, wherever that makes no tie twice; returns how often."""
    done = 0
    for k in range(attempts):
        u_one, u_other, u_which, _ = draws(key, _EVENT, k, 0, 2)
        e, f = below(u_one, len(source)), below(u_other, len(source))
        a, b, c, d = source[e], target[e], source[f], target[f]
        if u_which < 0.5:
            c, d = d, c
        if a in (c, d) or b in (c, d):
            continue
        if are_friends(ties, a, d) or are_friends(ties, c, b):
            continue
        end_tie(ties, a, b)
        end_tie(ties, c, d)
        add_tie(ties, a, d)
        add_tie(ties, c, b)
        source[e], target[e], source[f], target[f] = a, d, c, b
        done += 1
    return done


def rewire(world: World) -> None:
    """Rewire friendships at random, ten swaps a tie; everybody keeps the number of friends."""
    source, target = world.ties.edges()
    most = int(world.ties.arrays.degree.max(initial=0))
    world.ties = Ties(world.citizens, source, target, max(most, 1))
    if len(source) > 1:
        swap_ends(
            world.ties.arrays, source, target, key_of(world.scenario.chance.seed),
            _SWAPS_PER_TIE * len(source),
        )  # fmt: skip


def measured(world: World) -> dict[str, float]:
    """What controls are about."""
    values = measure_many(world, [*MEASURES, "degree_of_dissenters", "degree_of_others"])
    gap = values.pop("degree_of_others") - values.pop("degree_of_dissenters")
    return {**values, ISOLATION: gap}


class Contrast(NamedTuple):
    """One measure in the scenario and in a null world."""

    measure: str
    control: str
    mean: float
    """In the null world."""
    difference: float
    """Of the scenario from it, paired by replicate."""
    half_width: float
    """Half of the difference's 95 % interval; nan where fewer than two pairs have a value."""
    pairs: int
    """Pairs in which both worlds have a value."""
    differs: bool
    """Whether the difference is sure at 5 % after correction for the number of contrasts (Holm)."""


class Controls(NamedTuple):
    """All that was compared."""

    means: dict[str, float]
    """Of the scenario itself."""
    contrasts: list[Contrast]


def controls(
    scenario: Scenario,
    replicates: int,
    periods: int,
    workers: int | None = None,
    on_run: Callable[[], None] = lambda: None,
) -> Controls:
    """Run a scenario and its null worlds on the same citizens with the same luck.

    Args:
        scenario: which.
        replicates: of each kind.
        periods: of each run.
        workers: processes.
        on_run: called after each run.

    Raises:
        InputError: where records lead to more than points, and a placebo would deal only a part.
    """
    if beyond := [name for name in scenario.mechanisms() if name not in _POINTS_ALONE]:
        raise InputError(
            f"controls: no placebo of {', '.join(beyond)}: records there lead to more than points"
        )
    World(scenario.replace(seed=scenario.chance.seed), threads=1)  # a wrong network is said now
    configuration = ControlRun(scenario.tables(), periods)
    names = [*MEASURES, ISOLATION]
    values = np.full((len(KINDS), replicates, len(names)), np.nan)
    cases = [
        Case(k, r, replicate_seed(scenario.chance.seed, r), {"kind": kind})
        for r in range(replicates) for k, kind in enumerate(KINDS)
    ]  # fmt: skip
    for result in gather(configuration, cases, workers):
        assert result.output is not None  # noqa: S101  (gather sees to it)
        row = [result.output.values[name] for name in names]
        values[result.case.point, result.case.replicate] = row
        on_run()
    found: list[Contrast] = []
    chances: list[float] = []
    for m, name in enumerate(names):
        for k, kind in enumerate(KINDS[1:], start=1):
            if name in _KEPT_BY_REWIRING and kind == "rewired":
                continue
            pairs = values[0, :, m] - values[k, :, m]
            known = pairs[~np.isnan(pairs)]
            half, chance = np.nan, 1.0
            if len(known) > 1:
                variance = float(known.var(ddof=1))
                half = float(half_width(variance, len(known), len(known) - 1))
                if variance > 0.0:
                    t = abs(float(known.mean())) / np.sqrt(variance / len(known))
                    chance = 2.0 * float(stdtr(len(known) - 1, -t))
            chances.append(chance)
            found.append(Contrast(
                name, kind, _mean(values[k, :, m]), _mean(known), half, len(known), False
            ))  # fmt: skip
    means = {name: _mean(values[0, :, m]) for m, name in enumerate(names)}
    sure = holm(chances)
    return Controls(means, [one._replace(differs=yes)
                            for one, yes in zip(found, sure, strict=True)])  # fmt: skip


def holm(chances: list[float]) -> list[bool]:
    """Which of several hypotheses are rejected at 5 % together (Holm 1979).

    >>> holm([0.04, 0.001, 0.02])
    [True, True, True]
    >>> holm([0.04, 0.001, 0.03])
    [False, True, False]
    """
    order = np.argsort(chances)
    rejected = [False] * len(chances)
    for rank, place in enumerate(order.tolist()):
        if chances[place] > (1.0 - _CONFIDENCE) / (len(chances) - rank):
            break
        rejected[place] = True
    return rejected


def _mean(values: Any) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
