"""Speed and memory on this machine, as ratios measured side by side in one run.

Absolute times on a shared machine mean little; a ratio of two things timed in turns means much
more. Every ratio is the median over rounds in which the compared things take turns, or says what
else it is.
"""

from __future__ import annotations

import numba

from experiments import show
from experiments.bench.docking import docking_figures
from experiments.bench.engine import engine_figures
from experiments.bench.figures import Figure
from experiments.bench.sweeps import sweep_figures
from experiments.bench.viewer import viewer_figures
from model.world import available_cores

PARTS = {
    "engine": engine_figures, "sweeps": sweep_figures, "docking": docking_figures,
    "viewer": viewer_figures,
}  # fmt: skip


def bench(quick: bool, only: str = "") -> list[Figure]:
    """Every figure; smaller sizes if ``quick``; ``only`` those of one of :data:`PARTS`."""
    return [figure for part, figures in PARTS.items() if only in ("", part)
            for figure in figures(quick)]  # fmt: skip


def print_bench(quick: bool, only: str, as_json: bool) -> None:
    """Run the benchmark and print a table or one JSON object."""
    if not as_json:
        show.err.print("measuring; the machine should have nothing else to do")
    figures = bench(quick, only)
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
