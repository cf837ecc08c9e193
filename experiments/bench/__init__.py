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
from experiments.bench.growth import growth_figures
from experiments.bench.sweeps import sweep_figures
from experiments.bench.told import number
from experiments.bench.viewer import viewer_figures
from experiments.sweep.shards import write_whole
from model.threads import available_cores

PARTS = {
    "engine": engine_figures, "growth": growth_figures, "sweeps": sweep_figures,
    "docking": docking_figures, "viewer": viewer_figures,
}  # fmt: skip


def bench(quick: bool, only: str = "") -> list[Figure]:
    """Every figure; smaller sizes if ``quick``; ``only`` those of one of :data:`PARTS`."""
    return [figure for part, figures in PARTS.items() if only in ("", part)
            for figure in figures(quick)]  # fmt: skip


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
