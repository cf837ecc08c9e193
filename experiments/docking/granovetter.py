"""Granovetter 1978: thresholds of collective behaviour, where one person's may decide for all.

A scenario of the model: expression by thresholds on a complete graph, all silent at first. κ is the
threshold as a share of all others. Who has joined never leaves, since the share never falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from pydantic import Field
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from experiments.docking.figure import figure_of, points_trace
from experiments.docking.still import STILL, run_until_rest
from experiments.docking.target import Finding, Level, Point, Row, Settings, Target, chosen
from model.world import World

_MEAN = 25.0
_SPREADS = (5.0, 10.0, 12.0, 12.2, 12.25, 12.5, 15.0, 20.0, 30.0, 50.0)


class Crowd(Settings):
    """A crowd: thresholds 0, 1, … (``ladder``), the same with 2 in place of 1, or normal ones."""

    thresholds: Literal["ladder", "ladder_without_1", "normal"] = "normal"
    sd: float = Field(15.0, gt=0)
    """Standard deviation of normal thresholds, in percent; their mean is 25."""
    citizens: int = Field(2_000, ge=10, le=5_000)


def simulate(crowd: Crowd, seed: int) -> dict[str, Any]:
    """How many percent join in the end."""
    if crowd.thresholds == "normal":
        # the quantiles, so that the finite crowd is the distribution and not a draw of it
        middle = (np.arange(crowd.citizens) + 0.5) / crowd.citizens
        share = (_MEAN + crowd.sd * ndtri(middle)) / 100.0
    else:
        number = np.arange(crowd.citizens)
        if crowd.thresholds == "ladder_without_1":
            number[1] = 2
        share = number / (crowd.citizens - 1.0)
    world = World(
        **STILL, generator="complete", citizens=crowd.citizens, expression_rule="threshold",
        seed=seed % 2**63,
        given={"conviction": np.ones(crowd.citizens), "self_censorship": share.clip(0.0, 1.0)},
    )  # fmt: skip
    converged = run_until_rest(world, 20 * crowd.citizens)
    return {"joined": 100.0 * float((world.expression > 0.0).mean()), "converged": converged,
            "periods": world.period}  # fmt: skip


def equilibrium(sd: float) -> float:
    """The first ``r = 100·Φ((r − 25)/sd)`` above 0 (Granovetter & Soong 1983)."""
    r = np.linspace(0.0, 100.0, 1_000_001)
    excess = 100.0 * ndtr((r - _MEAN) / sd) - r
    below = np.flatnonzero(excess <= 0.0)
    return float(r[below[0]]) if len(below) else 100.0


def critical_spread() -> float:
    """The standard deviation at which the lower equilibrium vanishes, touching from below."""

    def gap(sd: float) -> float:
        # where the curve has slope 1, below the mean: φ(z) = sd/100
        z = -np.sqrt(-2.0 * np.log(sd / 100.0 * np.sqrt(2.0 * np.pi)))
        return float(100.0 * ndtr(z) - (_MEAN + sd * z))

    return float(brentq(gap, 8.0, 20.0, xtol=1e-10))


def points(full: bool) -> list[Point]:
    """The ladders, and normal thresholds of several spreads."""
    crowd = 5_000 if full else 2_000
    ladders = [Crowd(thresholds=kind, citizens=100) for kind in ("ladder", "ladder_without_1")]
    return [Point(one, 1) for one in
            (*ladders, *(Crowd(sd=sd, citizens=crowd) for sd in _SPREADS))]  # fmt: skip


def judge(rows: Sequence[Row], full: bool) -> list[Finding]:
    """The published numbers."""
    exact: dict[str, Any] = {"error": 0.0, "level": Level.numerical}

    def joined(**which: Any) -> float:
        return float(chosen(rows, **which)[0]["joined"])

    found = [
        Finding("thresholds 0 to 99: joined", "exact", 100.0, joined(thresholds="ladder"),
                tolerance=0.0, **exact),
        Finding("2 in place of 1: joined", "exact", 1.0, joined(thresholds="ladder_without_1"),
                tolerance=0.0, **exact),
        Finding("spread at which all join", "formula", 12.2221, critical_spread(), tolerance=5e-5,
                **exact),
    ]  # fmt: skip
    found.append(
        Finding(
            "percent who join, just below that spread",
            "formula",
            6.20,
            equilibrium(critical_spread() - 1e-9),
            tolerance=0.01,
            **exact,
        )
    )
    # a crowd of N people is coarser than the curve by about one of them, more so where it touches
    for sd, published, tolerance in ((12.2, equilibrium(12.2), 1.0), (12.25, 100.0, 0.05),
                                     (15.0, 100.0, 0.05), (30.0, 99.3, 0.1),
                                     (50.0, 90.5, 0.1)):  # fmt: skip
        found.append(Finding(f"spread {sd:g}: percent who join", "exact", published,
                             joined(thresholds="normal", sd=sd), tolerance=tolerance,
                             **exact))  # fmt: skip
    return found


def draw(rows: Sequence[Row], findings: Sequence[Finding]) -> go.Figure:
    """Equilibrium against spread: Granovetter's figure 2."""
    figure = figure_of(TARGET, findings)
    spreads = np.linspace(2.0, 60.0, 400)
    figure.add_trace(go.Scatter(x=spreads, y=[equilibrium(sd) for sd in spreads], mode="lines",
                                name="exact", line={"color": "#888"}))  # fmt: skip
    crowd = chosen(rows, thresholds="normal")
    figure.add_trace(points_trace("this model", [row["sd"] for row in crowd],
                                  [row["joined"] for row in crowd]))  # fmt: skip
    figure.update_xaxes(title_text="standard deviation of thresholds (percent), mean 25")
    figure.update_yaxes(title_text="percent who join")
    return figure


TARGET = Target(
    "granovetter", "How many join, by how thresholds are spread?",
    "Granovetter 1978, American Journal of Sociology 83(6)",
    "a scenario of the model: expression_rule = threshold, a complete graph",
    Crowd, simulate, points, judge, draw,
)  # fmt: skip
