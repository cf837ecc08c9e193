"""Kuran 1991: now out of never. One person's slightly lower threshold, and a regime falls.

A scenario of the model, as Granovetter's crowd: ten people, all others' opposition in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from experiments.docking.figure import figure_of, points_trace
from experiments.docking.still import STILL, run_until_rest
from experiments.docking.target import Finding, Level, Point, Row, Settings, Target, chosen
from model.world import World

THRESHOLDS = {
    "A": (0, 20, 20, 30, 40, 50, 60, 70, 80, 100),
    "B": (0, 10, 20, 30, 40, 50, 60, 70, 80, 100),
}
"""Percent of the population that must oppose before each of the ten does."""


class Ten(Settings):
    """Which of the two societies: B differs from A in one person's threshold."""

    society: Literal["A", "B"] = "A"


def simulate(ten: Ten, seed: int) -> dict[str, Any]:
    """How many percent oppose in the end."""
    percent = np.array(THRESHOLDS[ten.society])
    # of ten people 20 % are two others; who would need all ten, himself among them, never begins
    share = (percent / 10.0 / 9.0).clip(0.0, 1.0)
    world = World(
        **STILL, generator="complete", citizens=10, expression_rule="threshold",
        seed=seed % 2**63,
        given={"conviction": np.where(percent < 100, 1.0, -1.0), "self_censorship": share},
    )  # fmt: skip
    converged = run_until_rest(world, 50)
    return {"oppose": 100.0 * float((world.expression > 0.0).mean()), "converged": converged}


def points(_full: bool) -> list[Point]:
    """Both societies."""
    return [Point(Ten(society="A"), 1), Point(Ten(society="B"), 1)]


def judge(rows: Sequence[Row], _full: bool) -> list[Finding]:
    """The two published numbers."""
    return [
        Finding(f"society {name}: percent who oppose", "exact", published,
                float(chosen(rows, society=name)[0]["oppose"]), 0.0, 0.0, level=Level.numerical)
        for name, published in (("A", 10.0), ("B", 90.0))
    ]  # fmt: skip


def draw(_rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """How many would oppose if so many did, for both societies; ours is where it stays."""
    figure = figure_of(TARGET, findings)
    opposing = np.arange(0, 101, 10)
    for name, dash in (("A", "solid"), ("B", "dash")):
        would = [10 * sum(t <= now for t in THRESHOLDS[name] if t < 100) for now in opposing]
        figure.add_trace(go.Scatter(x=opposing, y=would, mode="lines", name=f"society {name}",
                                    line={"shape": "hv", "dash": dash}))  # fmt: skip
    figure.add_trace(go.Scatter(x=[0, 100], y=[0, 100], mode="lines", name="as many as do",
                                line={"color": "#888", "width": 1}))  # fmt: skip
    ours = [finding.ours for finding in findings]
    figure.add_trace(points_trace("this model", ours, ours))
    figure.update_xaxes(title_text="percent who oppose")
    figure.update_yaxes(title_text="percent who would oppose then")
    return figure


TARGET = Target(
    "kuran", "What if one person needs a little less to speak out?",
    "Kuran 1991, World Politics 44(1)",
    "a scenario of the model: expression_rule = threshold, ten people",
    Ten, simulate, points, judge, draw,
)  # fmt: skip
