"""How a period grows with the number of citizens, and what whole runs of small societies cost."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from experiments.bench.figures import Figure, compare, own_peak, seconds_of
from experiments.run import simulate
from model import memory
from model.engine.compiled import CompiledEngine
from model.engine.scratch import own_scratch
from model.errors import InputError
from model.tally import NO_NOTES
from model.world import World

_GROWN = {"random graph": {"generator": "erdos_renyi"},
          "small world, in the order of its ring": {"generator": "watts_strogatz"}}  # fmt: skip
_AIMS = {"random graph": "≤ 3", "small world, in the order of its ring": "≤ 1.5"}
_PASSES = 5
_ROUNDS = 5
_PEAK = 125
"""Bytes a citizen with ten friends: 123 were measured at a hundred million."""


def period_of(citizens: int, **parameters: Any) -> dict[str, float]:
    """Time and memory of one society, in the process that asks: run it in one of its own.

    Returns:
        seconds: to build it; nanoseconds: a citizen and period, the median of five; peak: bytes
        ever held; state: bytes of columns and ties; slots: friends held, all together.
    """
    World(citizens=1_000, **parameters).run(2)  # compiled before anything is timed
    begun = time.perf_counter()
    world = World(citizens=citizens, **parameters)
    seconds = time.perf_counter() - begun
    lived = max(2_000_000 // citizens, 1)
    world.run(lived)
    times = [seconds_of(lambda: world.run(lived)) / lived for _ in range(_PASSES)]
    size = world.nbytes()
    return {
        "seconds": seconds, "nanoseconds": statistics.median(times) / citizens * 1e9,
        "peak": own_peak(),
        "state": float(sum(size.values())), "slots": 2.0 * world.ties.count(),
    }  # fmt: skip


def apart(citizens: int, **parameters: Any) -> dict[str, float]:
    """:func:`period_of` in a process of its own, so that its memory is its own."""
    code = (
        "import json; from experiments.bench.growth import period_of; "
        f"print(json.dumps(period_of({citizens}, **{parameters!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def growth(quick: bool) -> list[Figure]:
    """A period from a thousand citizens to ten million (half a million if ``quick``), all threads.

    Each figure is the median over rounds, and each society lives in a process of its own: where its
    columns come to lie in memory moves a period by a fifth and more. Sizes take turns, so that a
    ratio compares what was measured one after the other.
    """
    sizes: tuple[int, ...] = (1_000, 100_000, 500_000)
    rounds = 1 if quick else _ROUNDS
    if not quick:
        sizes = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
    figures = []
    for name, parameters in _GROWN.items():
        found = [{citizens: apart(citizens, **parameters) for citizens in sizes}
                 for _ in range(rounds)]  # fmt: skip
        for citizens in sizes:
            one = {key: statistics.median(each[citizens][key] for each in found)
                   for key in found[0][citizens]}  # fmt: skip
            figures.append(Figure(
                f"a citizen's period, {citizens:,} on a {name}", one["nanoseconds"], "ns", "",
                f"built in {one['seconds']:.1f} s, {one['peak'] / 1e9:.2f} GB at most, "
                f"{one['slots'] / 1e6:.3g} million friend-slots",
            ))  # fmt: skip
        ratios = sorted(
            each[sizes[-1]]["nanoseconds"] / each[100_000]["nanoseconds"] for each in found
        )
        figures.append(Figure(
            f"the same, {sizes[-1]:,} / 100,000 on a {name}", statistics.median(ratios), "×",
            "" if quick else _AIMS[name],
            f"from {ratios[0]:.2f} to {ratios[-1]:.2f} in {rounds} rounds" if rounds > 1 else "",
        ))  # fmt: skip
        if not quick:
            peak, state = (statistics.median(each[sizes[-1]][key] for each in found)
                           for key in ("peak", "state"))  # fmt: skip
            figures.append(Figure(
                f"most memory of {sizes[-1]:,} citizens on a {name}", peak / 1e9, "GB",
                "≤ 6", f"{state / 1e9:.2f} GB of state; from the beginning of the process",
            ))  # fmt: skip
    return figures


def small_runs(rounds: int) -> list[Figure]:
    """1,000 citizens × 200 periods with all cheap measures, against 200 bare calls of the loop."""
    periods = 200

    def bare() -> Callable[[], None]:
        world = World(citizens=1_000, threads=1)
        world.run(periods)
        kernels = CompiledEngine(1).kernels(world)

        def calls() -> None:
            for _ in range(periods):
                kernels.synchronous(
                    0, world.citizens, 1, own_scratch(), world.traits, world.now, world.next,
                    world.ties.arrays, world.decisions, world.parameters, world.key, world.period,
                    world.max_friends, world.counts, NO_NOTES,
                )  # fmt: skip
                world.publish()
                world.period += 1

        return calls

    world = World(citizens=1_000, threads=1)
    found = compare(rounds, lambda: simulate(world, periods), bare())
    return [Figure(
        "200 periods of 1,000 citizens with all cheap measures / bare calls of the loop",
        found.ratio, "×", "≤ 2",
        f"{found.first * 1e3:.1f} ms against {found.second * 1e3:.1f} ms",
    )]  # fmt: skip


def bandwidth(citizens: int, rounds: int) -> Figure:
    """A period's own columns and ties, once through, at the machine's streaming bandwidth."""
    world = World(citizens=citizens, generator="erdos_renyi", threads=1)
    world.run(20)
    state = sum(world.nbytes().values())
    raw = memory.filled(64_000_000, np.float64, 1.0)
    into = memory.filled(64_000_000, np.float64, 0.0)
    found = compare(rounds, world.step, lambda: np.copyto(into, raw))
    rate = 2 * raw.nbytes / found.second
    return Figure(
        f"period / streaming its {state / 1e6:.0f} MB once, {citizens:,} citizens",
        found.first / (state / rate), "×", "",
        f"copying moves {rate / 1e9:.1f} GB/s in one thread",
    )  # fmt: skip


def growth_figures(quick: bool) -> list[Figure]:
    """Every figure of size."""
    rounds = 5 if quick else 15
    return [*growth(quick), *small_runs(rounds),
            bandwidth(200_000 if quick else 1_000_000, rounds)]  # fmt: skip


def nation_figures(quick: bool) -> list[Figure]:
    """A hundred million citizens with a thousand million friend-slots (a million if ``quick``).

    Raises:
        InputError: if the machine has too little memory for them.
    """
    citizens = 1_000_000 if quick else 100_000_000
    needed = citizens * _PEAK
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if there < needed * 1.2:
            raise InputError(
                f"{citizens:,} citizens take {needed / 1e9:.0f} GB; this machine has "
                f"{there / 1e9:.0f} GB"
            )
    one = apart(citizens, generator="erdos_renyi")
    of = f"{citizens:,} citizens on a random graph"
    each = "bytes a citizen, at most; "
    return [
        Figure(f"memory of {of}", one["peak"] / 1e9, "GB", "",
               f"{one['peak'] / citizens:.0f} {each}{one['slots'] / 1e6:,.0f} million "
               "friend-slots"),
        Figure(f"building {of}", one["seconds"], "s", "", "network, ties, traits, records"),
        Figure(f"a period of {of}", one["nanoseconds"] * citizens / 1e9, "s", "",
               f"{one['nanoseconds']:.0f} ns a citizen"),
    ]  # fmt: skip
