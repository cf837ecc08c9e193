"""Where a default period's time goes, step by step.

The steps are the engine's own (:class:`model.engine.speaking.Steps`). A period is cut off after the
first step, after the second and so on; what a step takes is the difference, so that each is timed
where it stands, with the caches as the steps before leave them.
"""

from __future__ import annotations

import statistics
from functools import partial
from typing import Any

from experiments.bench.figures import Figure, seconds_of
from model.compilation import compiled
from model.engine.compiled import settle
from model.engine.deciding import build_deciding
from model.engine.parameters import unpack
from model.engine.scratch import own_scratch
from model.engine.speaking import build_speaking
from model.rules.scoring import weighted_table
from model.state import BLOCK
from model.tally import empty_notes
from model.world import World

STEPS = (
    "glance: friends' records", "own columns", "draws", "rules: the choice",
    "rules: record, score, conviction", "columns written", "ties decided",
)  # fmt: skip


def cut_off(expression_rule: str) -> Any:
    """A compiled period of everybody that is cut off after so many of :data:`STEPS`."""
    steps = build_speaking(expression_rule, weighted_table, False)[2]
    look, load, draw_all, choose, answer, write = steps
    decide_block = build_deciding(weighted_table, False, False)[1]

    def first_steps(upto, scratch, traits, now, new, ties, decisions, parameters, key, period):
        institution, citizens = unpack(parameters)
        for at in range(0, len(ties.degree), BLOCK):
            size = min(BLOCK, len(ties.degree) - at)
            look(scratch, at, size, now, ties)
            if upto > 1:
                load(scratch, at, size, traits, now, institution)
            if upto > 2:
                draw_all(scratch, at, size, key, period)
            if upto > 3:
                choose(scratch, size, institution, citizens)
            if upto > 4:
                answer(scratch, size, institution, citizens)
            if upto > 5:
                write(scratch, at, size, traits, new, decisions)
            if upto > 6:
                decide_block(
                    scratch, at, size, traits, now, ties, decisions, institution, citizens, key,
                    period,
                )  # fmt: skip

    return compiled(first_steps, allocates=False)


def timed_period(world: World, first_steps: Any) -> list[float]:
    """Live a period in the benchmark's way; seconds of each step, of settling and of measuring.

    Args:
        world: in one thread, with the default mechanisms.
        first_steps: what :func:`cut_off` gave.
    """
    upto = [
        seconds_of(partial(
            first_steps, k + 1, own_scratch(), world.traits, world.now, world.next,
            world.ties.arrays, world.decisions, world.parameters, world.key, world.period,
        ))
        for k in range(len(STEPS))
    ]  # fmt: skip
    each = [after - before for before, after in zip([0.0, *upto], upto, strict=False)]
    each.append(seconds_of(partial(settle, world)))
    world.publish()
    world.period += 1
    each.append(seconds_of(partial(world.add_up, empty_notes(1).tallies[0])))
    return each


def phases(citizens: int, rounds: int) -> list[Figure]:
    """A period of the default scenario by phase, on a random graph and in one thread."""
    world = World(citizens=citizens, generator="erdos_renyi", threads=1)
    world.run(20)
    first_steps = cut_off(world.scenario.citizens.expression_rule.name)
    taken = [timed_period(world, first_steps) for _ in range(rounds + 1)][1:]
    names = [*STEPS, "ties settled", "measures of sums (beside the period)"]
    medians = [statistics.median(one[k] for one in taken) for k in range(len(names))]
    whole = sum(medians[:-1])
    return [
        Figure(f"phase of a period: {name}, {citizens:,} citizens", seconds / whole * 100.0, "%",
               "", f"{seconds / citizens * 1e9:.1f} of {whole / citizens * 1e9:.0f} ns a citizen")
        for name, seconds in zip(names, medians, strict=True)
    ]  # fmt: skip


def phase_figures(quick: bool) -> list[Figure]:
    """Every phase."""
    return phases(200_000 if quick else 1_000_000, 5 if quick else 15)
