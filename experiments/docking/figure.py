"""How figures of targets look: the published result hollow or as a line, ours filled, with bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from experiments.analysis.style import COLOURS, legend_above, put_question

if TYPE_CHECKING:
    from experiments.docking.target import Finding, Target


def figure_of(target: Target, findings: Sequence[Finding], height: int = 500) -> go.Figure:
    """An empty figure with the target's question as title, so many pixels high."""
    met = sum(finding.verdict.value == "met" for finding in findings)
    figure = go.Figure()
    below = f"{target.paper}; {met} of {len(findings)} figures met; bars: 95 % intervals"
    put_question(figure, target.title, below, height=height)
    legend_above(figure)
    return figure


def points_trace(
    name: str, x: Sequence[Any], y: Sequence[float], half: Sequence[float] = (), *,
    hollow: bool = False, colour: str = "",
) -> go.Scatter:  # fmt: skip
    """Points with their intervals; hollow ones are published."""
    colour = colour or (COLOURS[1] if hollow else COLOURS[0])
    return go.Scatter(
        x=list(x), y=list(y), mode="markers", name=name,
        marker={"size": 11 if hollow else 7, "color": colour,
                "symbol": "circle-open" if hollow else "circle", "line": {"width": 2}},
        error_y={"type": "data", "array": list(half), "visible": bool(half), "thickness": 1.5},
    )  # fmt: skip
