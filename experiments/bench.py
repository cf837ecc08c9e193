"""Speed and memory on this machine, as ratios measured side by side in one run.

Absolute times on a shared machine mean little; a ratio of two things timed in turns means much
more. Every figure is the median over rounds in which the compared things take turns.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np

from experiments import show
from model.compilation import compiled
from model.networks.generators import GENERATORS, generate
from model.parameters import Network
from model.world import World, available_cores


class Figure(NamedTuple):
    """One line of the benchmark."""

    name: str
    value: float
    unit: str
    aim: str
    detail: str


@compiled
def gather_serial(ties, values, out):
    """The least that any period must do: read one value of each friend."""
    for i in range(len(ties.degree)):
        total = values.dtype.type(0)
        for slot in range(ties.start[i], ties.start[i] + ties.degree[i]):
            total += values[ties.friend[slot]]
        out[i] = total


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _in_turns(rounds: int, *works: Callable[[], Any]) -> list[float]:
    """Median seconds of each piece of work, taken in turns after one unmeasured round."""
    times: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for seconds, work in zip(times, works, strict=True):
            took = _seconds(work)
            if turn:
                seconds.append(took)
    return [statistics.median(seconds) for seconds in times]


def engines(citizens: int, rounds: int) -> Figure:
    """Compiled against Mesa engine, one thread, default scenario."""
    from model.society import Society

    world = World(citizens=citizens, threads=1)
    society = Society(citizens=citizens, rng=1)
    periods = 20
    mesa, fast = _in_turns(rounds, society.step, lambda: world.run(periods))
    society.close()
    fast /= periods
    return Figure(
        f"Mesa engine / compiled, {citizens:,} citizens", mesa / fast, "×", "≥ 100",
        f"{mesa * 1e3:.0f} ms against {fast * 1e3:.2f} ms a period",
    )  # fmt: skip


def against_gather(citizens: int, rounds: int) -> list[Figure]:
    """A whole default period against bare gathers on the same random graph, one thread."""
    world = World(citizens=citizens, generator="erdos_renyi", threads=1)
    world.run(3)
    figures = []
    for kind, label in ((np.float32, "4-byte number"), (np.float64, "8-byte record")):
        values, out = (
            np.random.default_rng(1).random(citizens).astype(kind),
            np.empty(citizens, kind),
        )
        bare_gather = partial(gather_serial, world.ties.arrays, values, out)
        period, bare = _in_turns(rounds, world.step, bare_gather)
        figures.append(
            Figure(
                f"period / gather of one {label} per friend, {citizens:,} citizens", period / bare,
                "×", "≤ 3",
                f"{period / citizens * 1e9:.0f} against {bare / citizens * 1e9:.0f} ns a citizen",
            )
        )  # fmt: skip
    return figures


def threads(citizens: int, rounds: int) -> Figure:
    """One thread against two."""
    one, two = (World(citizens=citizens, threads=n, generator="erdos_renyi") for n in (1, 2))
    serial, parallel = _in_turns(rounds, one.step, two.step)
    return Figure(
        f"one thread / two threads, {citizens:,} citizens", serial / parallel, "×", "≥ 1.6",
        f"{serial * 1e3:.1f} ms against {parallel * 1e3:.1f} ms a period",
    )  # fmt: skip


def memory(citizens: int) -> list[Figure]:
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
        seconds = _seconds(partial(generate, citizens, network, (1, 0)))
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


def starts(rounds: int) -> list[Figure]:
    """Whole processes: `scored run` against a minimal Numba program, `--help` against Python."""
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
        warm, least = _in_turns(rounds, run, minimal)
        helped, python = _in_turns(
            rounds, call(*scored, "--help"), call(sys.executable, "-c", "pass")
        )
        cold = _seconds(
            call(*scored, "run", "conduct_only", SCORED_CACHE_DIR=str(Path(folder) / "cache"))
        )
    return [
        Figure("warm `scored run` / minimal Numba program", warm / least, "×", "≤ 1.4",
               f"{warm:.2f} s against {least:.2f} s, 1,000 citizens × 100 periods"),
        Figure("first `scored run` ever, compilation included", cold, "s", "≤ 40", ""),
        Figure("`scored --help`", helped, "s", "< 0.5", f"bare Python {python:.2f} s"),
    ]  # fmt: skip


def bench(quick: bool) -> list[Figure]:
    """Every figure; smaller sizes if ``quick``."""
    large = 200_000 if quick else 1_000_000
    rounds = 3 if quick else 7
    figures = [engines(2_000 if quick else 10_000, 3)]
    figures += against_gather(large, rounds)
    if available_cores() > 1:
        figures += [threads(100_000, rounds)] + ([] if quick else [threads(large, rounds)])
    figures += memory(large)
    figures += networks(large)
    return figures + starts(3 if quick else 7)


def print_bench(quick: bool, as_json: bool) -> None:
    """Run the benchmark and print a table or one JSON object."""
    if not as_json:
        show.err.print("measuring; the machine should have nothing else to do")
    figures = bench(quick)
    machine = {"cores": available_cores(), "numba": numba.__version__, "quick": quick}
    if as_json:
        show.print_json({"machine": machine, "figures": [figure._asdict() for figure in figures]})
        return
    rows = [
        [figure.name, f"{figure.value:.3g}" if figure.value < 100 else f"{figure.value:,.0f}",
         figure.unit, figure.aim, figure.detail]
        for figure in figures
    ]  # fmt: skip
    headers = [("figure", "left"), ("measured", "right"), ("", "left"), ("aim", "left"),
               ("detail", "left")]  # fmt: skip
    show.out.print(show.table(headers, rows))
