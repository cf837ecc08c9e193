"""Speed and memory on this machine, as ratios measured side by side in one run.

Absolute times on a shared machine mean little; a ratio of two things timed in turns means much
more. Every ratio is the median over rounds in which the compared things take turns, or says what
else it is.
"""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path

import numba

from experiments import show
from experiments.bench.docking import docking_figures
from experiments.bench.engine import engine_figures
from experiments.bench.figures import Figure
from experiments.bench.growth import growth_figures, nation_figures
from experiments.bench.orders import order_figures
from experiments.bench.phases import phase_figures
from experiments.bench.sweeps import sweep_figures
from experiments.bench.told import number
from experiments.bench.viewer import viewer_figures
from experiments.sweep.shards import write_whole
from model.threads import available_cores

PARTS = {
    "engine": engine_figures, "phases": phase_figures,
    "growth": growth_figures, "orders": order_figures, "sweeps": sweep_figures,
    "docking": docking_figures, "viewer": viewer_figures,
    "nation": nation_figures,
}  # fmt: skip
ASKED_FOR = ("nation",)
"""Parts that want a large machine to themselves: only by name."""

QUICK = ("engine", "phases", "growth", "sweeps")
"""Parts that a quick benchmark has unless another is asked for by name."""


def bench(quick: bool, only: str = "") -> list[Figure]:
    """Every figure; smaller sizes and the chief ones if ``quick``; ``only`` those of a part."""
    usual = QUICK if quick else [part for part in PARTS if part not in ASKED_FOR]
    parts = [only] if only else usual
    return [figure for part in parts for figure in PARTS[part](quick)]


def print_bench(quick: bool, only: str, as_json: bool, out: Path | None = None) -> None:
    """Run the benchmark and print a table or one JSON object; ``out`` keeps the second."""
    if not as_json:
        show.err.print("measuring; the machine should have nothing else to do")
    figures = bench(quick, only)
    machine = {
        "cores": available_cores(), "numba": numba.__version__, "python": platform.python_version(),
        "version": version("scored-society"),
    }  # fmt: skip
    command = "scored bench" + " --quick" * quick + (f" --only {only}" if only else "")
    told = {"command": f"`{command}`", "machine": machine,
            "figures": [figure._asdict() for figure in figures]}  # fmt: skip
    if out is not None:
        text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
        write_whole(out, text.encode())
    if as_json:
        show.print_json(told)
        return
    rows = [
        [figure.name, number(figure.value), figure.unit, figure.aim, figure.detail]
        for figure in figures
    ]
    headers = [("figure", "left"), ("measured", "right"), ("", "left"), ("aim", "left"),
               ("detail", "left")]  # fmt: skip
    show.out.print(show.table(headers, rows))
