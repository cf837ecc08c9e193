"""Speed and memory of one society."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from experiments.bench.figures import Figure, compare, seconds_of
from model import memory
from model.compilation import compiled
from model.networks.generators import GENERATORS, generate
from model.parameters import Network
from model.scenario import DEFAULT
from model.threads import available_cores
from model.world import World


@compiled
def gather_serial(ties, values, out):
    """The least that any period must do: read one value of each friend."""
    for i in range(len(ties.degree)):
        total = values.dtype.type(0)
        for slot in range(ties.start[i], ties.start[i] + ties.degree[i]):
            total += values[ties.friend[slot]]
        out[i] = total


@compiled
def gather_tight(ties, values, out):
    """The same, sparing Numba's test for negative indices: the fastest gather that we know."""
    for i in range(len(ties.degree)):
        total = values.dtype.type(0)
        start = ties.start[i]
        for slot in range(np.uint64(start), np.uint64(start + ties.degree[i])):
            total += values[np.uint32(ties.friend[slot])]
        out[i] = total


def engines(citizens: int, rounds: int) -> Figure:
    """Compiled against Mesa engine, one thread, default scenario."""
    from model.society import Society

    world = World(citizens=citizens, threads=1)
    society = Society(citizens=citizens, rng=1)
    periods = 20
    found = compare(rounds, society.step, lambda: world.run(periods))
    society.close()
    return Figure(
        f"Mesa engine / compiled, {citizens:,} citizens", found.ratio * periods, "×", "≥ 300",
        f"{found.first * 1e3:.0f} ms against {found.second / periods * 1e3:.2f} ms a period",
    )  # fmt: skip


def others(citizens: int, rounds: int) -> list[Figure]:
    """Compiled against what a modeller would tune by hand: Mesa, and a sparse matrix."""
    from experiments.bench.idiomatic import HandTunedSociety, SparseSociety

    tuned, sparse = HandTunedSociety(citizens), SparseSociety(citizens)
    still: dict[str, Any] = {"review": 0.0, "sociability": 0.0}
    figures, periods = [], 20
    for name, society, own, aim in (
        ("hand-tuned Mesa model", tuned, {}, "≥ 40"),
        ("scipy sparse matrix, friendships as they are", sparse, still, ""),
    ):
        world = World(citizens=citizens, threads=1, **own)
        for warm in (society.step, world.step):
            for _ in range(5):
                warm()
        found = compare(rounds, society.step, partial(world.run, periods))
        figures.append(Figure(
            f"{name} / compiled, {citizens:,} citizens", found.ratio * periods, "×", aim,
            f"{found.first * 1e3:.3g} ms against {found.second / periods * 1e3:.2f} ms a period",
        ))  # fmt: skip
    return figures


def against_gather(citizens: int, rounds: int) -> list[Figure]:
    """A whole default period against bare gathers on the same random graph, one thread."""
    world = World(citizens=citizens, generator="erdos_renyi", threads=1)
    world.run(20)
    figures = []
    for kind, label, gather, aim in (
        (np.float64, "gather of one 8-byte value a friend", gather_serial, "≤ 2"),
        (np.float32, "gather of one 4-byte value a friend", gather_serial, ""),
        (np.float64, "the same with unsigned indices, 8 bytes", gather_tight, ""),
    ):
        values = memory.filled(citizens, kind, np.random.default_rng(1).random(citizens))
        out = memory.empty(citizens, kind)
        found = compare(rounds, world.step, partial(gather, world.ties.arrays, values, out))
        per_citizen = 1e9 / citizens
        figures.append(
            Figure(
                f"period / {label}, {citizens:,} citizens", found.ratio, "×", aim,
                f"{found.first * per_citizen:.0f} against {found.second * per_citizen:.0f} ns "
                "a citizen",
            )
        )  # fmt: skip
    return figures


def beyond_the_score(citizens: int, rounds: int) -> Figure:
    """A period with most mechanisms beyond the score against a default one, one thread."""
    name = "sesame_as_reported"
    full, plain = (World(scenario, citizens=citizens, generator="erdos_renyi", threads=1)
                   for scenario in (name, DEFAULT))  # fmt: skip
    full.run(20)
    plain.run(20)
    found = compare(rounds, full.step, plain.step)
    per_citizen = 1e9 / citizens
    return Figure(
        f"period of {name} / of {DEFAULT}, {citizens:,} citizens", found.ratio, "×", "",
        f"{found.first * per_citizen:.0f} against {found.second * per_citizen:.0f} ns a citizen",
    )  # fmt: skip


def threads(citizens: int, rounds: int) -> Figure:
    """One thread against two."""
    one, two = (World(citizens=citizens, threads=n, generator="erdos_renyi") for n in (1, 2))
    found = compare(rounds, one.step, two.step)
    return Figure(
        f"one thread / two threads, {citizens:,} citizens", found.ratio, "×", "≥ 1.8",
        f"{found.first * 1e3:.1f} ms against {found.second * 1e3:.1f} ms a period",
    )  # fmt: skip


@compiled
def _arithmetic(numbers, rounds):
    for _ in range(rounds):
        for k in range(len(numbers)):
            numbers[k] = numbers[k] * 0.75 + numbers[k] * numbers[k] * 0.25


def ceiling(rounds: int) -> Figure:
    """What two threads gain on this machine in arithmetic that shares nothing.

    It is well below 2 where two "cores" are the two hardware threads of one: see it beside
    :func:`threads`.
    """
    ours = [np.full(1024, 0.5), np.full(1024, 0.5)]

    def work(k: int) -> None:
        _arithmetic(ours[k], 20_000)

    with ThreadPoolExecutor(2) as pool:
        found = compare(
            rounds, lambda: list(map(work, (0, 1))), lambda: list(pool.map(work, (0, 1)))
        )
    return Figure(
        "one thread / two threads, bare arithmetic", found.ratio, "×", "", "the machine's own gain"
    )


def state_size(citizens: int) -> list[Figure]:
    """Bytes of state."""
    world = World(citizens=citizens)
    size = world.nbytes()
    return [
        Figure("memory a citizen", size["citizens"] / citizens, "bytes", "≤ 150", "columns"),
        Figure("memory a friend-slot", size["ties"] / (2 * world.ties.count()), "bytes", "≤ 16",
               "rows with room to spare, per friend held"),
    ]  # fmt: skip


def networks(citizens: int) -> list[Figure]:
    """Seconds to draw each kind of network with ten friends each."""
    figures = []
    for name in GENERATORS:
        if name == "complete":
            continue
        network = Network(generator=name)  # type: ignore[arg-type]
        generate(100, network, (1, 0))  # compiled before it is timed
        seconds = seconds_of(partial(generate, citizens, network, (1, 0)))
        figures.append(
            Figure(f"{name}, {citizens:,} citizens", seconds, "s", "≤ 5 at a million", "")
        )
    return figures


_MINIMAL = """
import numpy as np, numba
@numba.njit(cache=True)
def total(x):
    s = 0.0
    for i in range(len(x)):
        s += 2.0 * x[i]
    return s
print(total(np.arange(10.0)))
"""
_WITHOUT_NUMBA = "import numpy, scipy.special, pydantic, typer, rich.console"
"""What a start would have to import all the same if nothing were compiled by Numba."""


def starts(quick: bool) -> list[Figure]:
    """Whole processes: `scored run` against a minimal Numba program, `--help` against Python.

    The first run ever compiles everything, for which a quick benchmark has no time.
    """
    rounds = 3 if quick else 15
    scored = [sys.executable, "-m", "experiments.cli"]
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "minimal.py"
        program.write_text(_MINIMAL)

        def call(*arguments: str, **environment: str) -> Callable[[], Any]:
            return lambda: subprocess.run(
                arguments, check=True, capture_output=True, env={**os.environ, **environment}
            )

        run = call(*scored, "run", "conduct_only", "--periods", "100")
        minimal = call(sys.executable, str(program))
        warm = compare(rounds, run, minimal)
        bare = compare(rounds, run, call(sys.executable, "-c", _WITHOUT_NUMBA))
        helped = compare(rounds, call(*scored, "--help"), call(sys.executable, "-c", "pass"))
        first = call(*scored, "run", "conduct_only", SCORED_CACHE_DIR=str(Path(folder) / "cache"))
        cold = [] if quick else [seconds_of(first)]
    return [
        Figure("warm `scored run` / minimal Numba program", warm.ratio, "×", "≤ 1.15",
               f"{warm.first:.2f} s against {warm.second:.2f} s, 1,000 citizens × 100 periods"),
        Figure("warm `scored run` / its imports without Numba", bare.ratio, "×", "",
               f"{bare.first:.2f} s against {bare.second:.2f} s, which "
               "a tool that compiles ahead could come near"),
        *(Figure("first `scored run` ever, compilation included", seconds, "s", "≤ 20", "")
          for seconds in cold),
        Figure("`scored --help`", helped.first, "s", "< 0.5",
               f"bare Python {helped.second:.2f} s"),
    ]  # fmt: skip


def engine_figures(quick: bool) -> list[Figure]:
    """Every figure of one society; smaller sizes if ``quick``."""
    large = 200_000 if quick else 1_000_000
    rounds = 5 if quick else 15
    figures = [engines(2_000 if quick else 10_000, 5), *others(2_000 if quick else 10_000, rounds)]
    figures += [*against_gather(large, rounds), beyond_the_score(large, rounds)]
    if available_cores() > 1:
        figures.append(ceiling(rounds))
        figures += [threads(100_000, rounds)] + ([] if quick else [threads(large, rounds)])
    figures += state_size(large)
    figures += networks(large)
    return figures + starts(quick)
